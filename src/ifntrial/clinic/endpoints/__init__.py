"""Endpoints: those that are one item or one event as entries of a table, those with a rule in a file each."""

from ifntrial.clinic.endpoints import acr_criss, clinical_worsening, mrss_responder, rcriss
from ifntrial.clinic.endpoints.events import ENDPOINTS_OF_EVENTS
from ifntrial.clinic.endpoints.of_items import ENDPOINTS_OF_ITEMS
from ifntrial.clinic.endpoints.record import Endpoint

ENDPOINTS: tuple[Endpoint, ...] = (
    rcriss.ENDPOINT,
    acr_criss.ENDPOINT,
    mrss_responder.ENDPOINT,
    *ENDPOINTS_OF_ITEMS,
    *ENDPOINTS_OF_EVENTS,
    clinical_worsening.ENDPOINT,
)
