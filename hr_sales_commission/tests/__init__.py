from . import test_pipeline
from . import test_event_date
from . import test_plan_choice
from . import test_payout
from . import test_explanation
from . import test_capture
from . import test_processing
