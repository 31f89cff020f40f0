"""The frozen calibration: structural worlds with what each implies, made once and shipped."""
