"""What a person needs to register a locked prediction: the file, what it is, and a description to fill in; one zip."""

import json
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from ifntrial.errors import FileError
from ifntrial.studies.ledger.record import LockedPrediction

_MOMENT = (1980, 1, 1, 0, 0, 0)
"""The same files give the same bytes."""
TO_FILL_IN = "TO FILL IN"


def write_deposit(path: Path, folder: Path, prediction: LockedPrediction, digest: str) -> Path:
    """Write ``NAME-deposit.zip`` into a folder and return its path; nothing is sent anywhere.

    Parameters
    ----------
    path
        Of the locked file.
    digest
        Its hash.

    Raises
    ------
    FileError
        If the zip is there already or cannot be written.
    """
    target = folder / f"{path.stem}-deposit.zip"
    members = {
        path.name: path.read_text(encoding="ascii"),
        "metadata.json": metadata(prediction, digest),
        "README.txt": _about(prediction, digest, path.name),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file, ZipFile(file, "w", ZIP_DEFLATED) as archive:
            for name, text in members.items():
                archive.writestr(ZipInfo(name, _MOMENT), text, ZIP_DEFLATED)
    except FileExistsError:
        raise FileError(
            f"{target} is there already", fix="give another --out, or remove it if it is not needed"
        ) from None
    except OSError as error:
        raise FileError(f"{target} cannot be written: {error.strerror}", fix="give another --out") from error
    return target


def metadata(prediction: LockedPrediction, digest: str) -> str:
    """Return the description of a deposit in the terms that repositories ask for, as JSON; people are to be added."""
    trial = prediction.trial
    kind = "Back-test" if prediction.known else "Prediction"
    registered = [{"relation": "isReferencedBy", "identifier": trial.registration}]
    content = {
        "title": f"{kind} of {trial.title}, locked on {prediction.locked}",
        "upload_type": "dataset",
        "creators": [{"name": TO_FILL_IN, "affiliation": TO_FILL_IN}],
        "description": f"{trial.question} Predictive distributions under each named belief, frozen before scoring. "
        f"SHA-256 {digest}. Research tool, not for diagnosis or treatment.",
        "publication_date": prediction.locked,
        "keywords": ["systemic sclerosis", "type I interferon", "locked prediction", trial.registration],
        "version": prediction.run.version,
        "license": "Apache-2.0",
        "related_identifiers": registered if trial.registration else [],
    }
    return json.dumps(content, indent=1) + "\n"


def _about(prediction: LockedPrediction, digest: str, name: str) -> str:
    known = f"Known when it was locked: {prediction.known}\n" if prediction.known else ""
    return (
        f"{prediction.trial.title}\n{prediction.trial.question}\n\n"
        f"Locked: {prediction.locked}\nSHA-256: {digest}\n{known}"
        f"Made by: {prediction.run.command} (ifntrial {prediction.run.version})\n\n"
        f"Check it:  ifntrial prediction verify {name} --hash {digest}\n"
        f"Score it:  ifntrial prediction score {name} --outcome OUTCOME.yaml\n\n"
        f"Fill in the creators in metadata.json before you upload. Research tool, not for diagnosis or treatment.\n"
    )
