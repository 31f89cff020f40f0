"""Endpoints: one file each, listed here."""

from ifntrial.clinic.endpoints import (
    acr_criss,
    clinical_worsening,
    fvc_ml_change,
    fvc_percent_change,
    haq_di_change,
    mrss_change,
    mrss_responder,
    new_ulcers,
    nt_probnp_ratio,
    patient_global_change,
    physician_global_change,
    rcriss,
    serious_infection,
    signature_suppression_blood,
    signature_suppression_skin,
    zoster,
)
from ifntrial.clinic.endpoints.record import Endpoint
from ifntrial.errors import resolve_name

ENDPOINTS: tuple[Endpoint, ...] = (
    rcriss.ENDPOINT,
    acr_criss.ENDPOINT,
    mrss_change.ENDPOINT,
    mrss_responder.ENDPOINT,
    fvc_percent_change.ENDPOINT,
    fvc_ml_change.ENDPOINT,
    haq_di_change.ENDPOINT,
    patient_global_change.ENDPOINT,
    physician_global_change.ENDPOINT,
    signature_suppression_blood.ENDPOINT,
    signature_suppression_skin.ENDPOINT,
    new_ulcers.ENDPOINT,
    nt_probnp_ratio.ENDPOINT,
    zoster.ENDPOINT,
    serious_infection.ENDPOINT,
    clinical_worsening.ENDPOINT,
)


def endpoint_named(name: str) -> Endpoint:
    """Return the endpoint called ``name``; an unknown one raises ``UnknownNameError`` with the closest."""
    return resolve_name(name, {endpoint.name: endpoint for endpoint in ENDPOINTS}, "endpoint")
