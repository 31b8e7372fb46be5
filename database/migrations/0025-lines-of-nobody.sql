-- Lines of rules that look at what others earn have no contribution behind them, and traffic may be nobody's.
alter table statement_lines alter column contribution_id drop not null;
alter table statement_lines alter column contribution_external_id drop not null;
alter table statement_lines alter column customer_id drop not null;
alter table statement_lines add constraint statement_lines_contribution
  check ((contribution_id is null) = (contribution_external_id is null));
alter table statement_lines add constraint statement_lines_customer
  check (customer_id is null or contribution_id is not null);
