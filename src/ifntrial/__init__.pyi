# Types of the names that __init__.py loads when they are first asked for.

from ifntrial.api.analyses import stats as stats
from ifntrial.api.compare import compare as compare
from ifntrial.api.courses import nonmem as nonmem
from ifntrial.api.courses import sbml as sbml
from ifntrial.api.courses.pathway import pathway as pathway
from ifntrial.api.courses.simulate import simulate as simulate
from ifntrial.api.courses.solve import solve as solve
from ifntrial.api.designs import load_design as load_design
from ifntrial.api.doses import doses as doses
from ifntrial.api.enrich import enrich as enrich
from ifntrial.api.forecast import forecast as forecast
from ifntrial.api.known import SHIPPED as SHIPPED
from ifntrial.api.scores.score import score as score
from ifntrial.api.sensitivity import sensitivity as sensitivity
from ifntrial.api.trial import simulate_trial as simulate_trial
from ifntrial.api.validate import validate as validate
from ifntrial.catalog import Catalog as Catalog
from ifntrial.catalog import Extension as Extension
from ifntrial.dosing.regimen import Regimen as Regimen
from ifntrial.dosing.regimen import parse_regimen as parse_regimen
from ifntrial.errors import IfntrialError as IfntrialError
from ifntrial.errors import InputError as InputError
from ifntrial.evidence.load import load_evidence as load_evidence
from ifntrial.evidence.records import Evidence as Evidence
from ifntrial.model.drugs import Drug as Drug
from ifntrial.solver import OdeSystem as OdeSystem
from ifntrial.solver import symbol as symbol

__version__: str
