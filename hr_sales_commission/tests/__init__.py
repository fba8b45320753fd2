from . import (
    test_dispute,
    test_pipeline,
    test_source_decision,
    test_source_path,
    test_source_seal,
    test_source_shares,
    test_touchpoint,
)
from . import test_boundaries
from . import test_event_date
from . import test_plan_choice
from . import test_plan_example
from . import test_payout
from . import test_explanation
from . import test_capture
from . import test_processing
from . import test_recompute
from . import test_ui_tours
from . import test_ui_views
from . import test_language
from . import test_ledger_property
from . import test_published_cases
from . import test_simulation
from . import test_ui_every_page
from . import test_published_data
from . import test_line
from . import test_board
from . import test_board_records
from . import test_ui_accessibility
from . import test_ui_board
from . import test_access_matrix
from . import test_statement
from . import test_leaks
from . import test_closing
from . import test_ledger_races
from . import test_export
from . import test_fault
from . import test_plan_check
from . import test_target
from . import test_objective
from . import test_estimate
from . import test_ui_estimate
from . import test_notice
from . import test_day_sums
from . import test_digest
from . import test_role
from . import test_who
from . import test_sample
from . import test_help
from . import test_ui_sample
from . import test_condition
from . import test_import_screen
from . import test_indexes
from . import test_plan_change
from . import test_doors
from . import test_health
from . import test_own_task
from . import test_alert
from . import test_effect
from . import test_scenario
from . import test_statement_page
from . import test_attack_again, test_attack_approval, test_attack_context
from . import test_attack_beside, test_attack_files, test_attack_inference
from . import test_attack_numbers, test_attack_outside, test_attack_paths
from . import test_attack_platform, test_attack_remote, test_attack_stake
from . import test_attack_won, test_ordinary_acts
from . import test_leak_subjects
from . import test_audit
from . import test_jobs
from . import test_settled_target
