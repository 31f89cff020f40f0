"""A scored cohort becomes the interferon layer of a forecast: matching virtual patients for each real one.

Only the signature of a real patient is known here. Each gets several virtual patients, high or low in the share of
the patient's probability of being high, at the patient's place within the class; all else about them is drawn. A
prediction for one patient is therefore an average over everyone with that signature: research only.
"""
