"""Words by which names tell that they are no gene or no sample: counters, controls, variables, annotation, summaries.

The lists are words of the field, not of one file; a name is split into words first, so that "geneLength",
"gene_length" and "Gene length" are the same. A name alone decides only where no gene is called so.
"""

import re

COUNTER = "counter of the aligner or counting tool"
CONTROL = "control or spike-in"
VARIABLE = "clinical or technical variable"
ANNOTATION = "annotation of genes"
SUMMARY = "summary or test statistic"
NO_NAME = "not a gene name"
LIMIT = "limit of detection"
CONTROL_SAMPLE = "control or pool, not a person"

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[^A-Za-z0-9]+")
_DIGITS = re.compile(r"^([a-z]{3,}?)\d+[a-z]?$")
_COUNTER = re.compile(
    r"^(__\w+|N_(unmapped|multimapping|noFeature|ambiguous)|Unassigned_\w+|no_?feature|too_?low_?aQual|"
    r"not_?aligned|alignment_?not_?unique)$",
    re.IGNORECASE,
)
_CONTROL = re.compile(
    r"^(ERCC[-_]\d+|AFFX[-_].*|(POS|NEG)_[A-Z](\(.*\))?|LIGATION_\w+|SIRV\w*|PhiX\w*|\([-+]\).*|"
    r"(Dark|Bright|GE_Bright)Corner.*|Blank\d*|Empty\d*|sequin.*|R[12]_\d+_\d+|Spike[-_ ]?in.*|"
    r"(negative|positive)[-_ ]?control.*)$",
    re.IGNORECASE,
)

_COUNTER_WORDS = frozenset(
    "unmapped unaligned multimapped multimapping multimapper multimappers ambiguous unassigned nofeature reads mapped "
    "mapping aligned alignment alignments assigned library lib depth sequenced umis ncount nfeature ngenes totals "
    "counts undetermined intron introns intronic exonic intergenic rrna rdna".split()
)
_LIMIT_WORDS = frozenset("lod llod lloq loq maxlod platelod".split())
_CONTROL_SAMPLE_WORDS = frozenset(
    "blank empty water ntc nrt notemplate pool pooled reference ref calibrator standard uhrr uhr hbrr interplate "
    "undetermined".split()
)
_VARIABLE_WORDS = frozenset(
    "age sex gender male female bmi weight height batch plate well wells lane flowcell rin dv dv200 rqn visit week "
    "weeks day "
    "days month months year years date time timepoint hour hours baseline dose dosage score index cohort site "
    "center centre "
    "country race ethnicity ethnic smoking smoker treatment arm study patient subject donor participant individual "
    "sample "
    "samples specimen barcode replicate status diagnosis disease duration severity activity damage onset steroid "
    "steroids "
    "prednisone prednisolone mycophenolate mmf hydroxychloroquine hcq methotrexate sledai slicc bilag das sdai "
    "cdai haq "
    "mrss rodnan fvc dlco fev pga ptga phga vas nyha esr sbp dbp bp temperature temp fever concentration conc ng "
    "ug volume "
    "mg kg mmol umol pg iu ml purity yield quality qc rate percent pct percentage ratio fraction proportion mito "
    "mitochondrial ribosomal "
    "duplication coverage hemoglobin haemoglobin hgb hct platelet platelets plt neutrophil neutrophils lymphocyte "
    "lymphocytes monocyte monocytes eosinophils basophils leukocytes leucocytes wbc rbc creatinine albumin gfr "
    "proteinuria "
    "complement dsdna antidsdna ana ena antibody antibodies anti titer titre autoantibody igg iga igm ige "
    "autoantibodies "
    "serology umap tsne cluster group label category type factor sizefactor survival event events censor death "
    "response "
    "responder outcome pc1 pc2 pc3 mfi rmfi gmfi pstat "
    "storage freezer operator technician chip array slide scanner passage".split()
)
_ANNOTATION_WORDS = frozenset(
    "entrez entrezid ensembl ensemblid geneid gene genes symbol symbols genename hgnc hgncid refseq uniprot "
    "accession acc "
    "chr chrom chromosome start end strand length len width exon exons transcript transcripts biotype description "
    "title "
    "annotation cytoband location position locus index row rows rownames rowname rownum rownumber number no nr id "
    "ids probe "
    "probes probeset probesets probeid unnamed name names gc content bp kb effective efflength organism species taxon "
    "tss ncbi omim x1 feature features featurenum codeclass class dbxref source product".split()
)
_STATISTIC_WORDS = frozenset(
    "mean means average avg ave median sd std stdev sem se var variance cv min minimum max maximum sum total logfc "
    "log2fc lfc fc fold foldchange log2foldchange log pvalue pval p padj adj adjusted fdr qvalue qval q basemean "
    "aveexpr lfcse stat statistic tstat zscore t b f val value rank iqr mad quantile".split()
)
_PLAIN_STATISTIC = frozenset("t b f p q log fc se max min val value rank total sum".split())


def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name in small letters.

    Examples
    --------
    >>> words_of("geneLength"), words_of("P.Value"), words_of("Age at onset")
    (('gene', 'length'), ('p', 'value'), ('age', 'at', 'onset'))
    """
    return tuple(word.lower() for word in _CAMEL.split(name) if word)


def describe_feature(name: str) -> str | None:
    """Return what a name beside genes stands for where it is no gene, or None.

    Examples
    --------
    >>> describe_feature("__no_feature"), describe_feature("ERCC-00002")
    ('counter of the aligner or counting tool', 'control or spike-in')
    >>> describe_feature("age_years"), describe_feature("TP53"), describe_feature("HLA-A")
    ('clinical or technical variable', None, None)
    """
    if _COUNTER.match(name):
        return COUNTER
    if _CONTROL.match(name):
        return CONTROL
    words = words_of(name)
    stems = {match[1] if (match := _DIGITS.match(word)) else word for word in words}
    joined = "".join(words)
    if joined in _VARIABLE_WORDS or stems & _VARIABLE_WORDS:
        return VARIABLE
    if joined in _COUNTER_WORDS or stems & _COUNTER_WORDS:
        return COUNTER
    if joined in _ANNOTATION_WORDS or set(words) <= _ANNOTATION_WORDS:
        return ANNOTATION
    statistic = _STATISTIC_WORDS - {"max", "cv", "t", "b", "f", "p", "q", "se", "mad", "fc", "iqr", "sd"}
    if joined in statistic or set(words) & (statistic - {"log", "rank", "fold"}):
        return SUMMARY
    return None


def describe_sample(name: str) -> tuple[str | None, bool]:
    """Return what a name beside samples stands for where it may be no sample, and whether the name alone settles it.

    Examples
    --------
    >>> describe_sample("ENTREZID"), describe_sample("P.Value"), describe_sample("PT_4")
    (('annotation of genes', True), ('summary or test statistic', True), (None, False))
    >>> describe_sample("HC_mean"), describe_sample("end")
    (('summary or test statistic', False), ('annotation of genes', True))
    """
    if _COUNTER.match(name):
        return COUNTER, True
    words = words_of(name)
    if set(words) & _LIMIT_WORDS or {"limit", "of", "detection"} <= set(words):
        return LIMIT, True
    if set(words) & _CONTROL_SAMPLE_WORDS:
        return CONTROL_SAMPLE, False
    plain = tuple(word for word in words if not word.isdigit())
    if not plain:
        return None, False
    joined = "".join(plain)
    settled = len(plain) == len(words) or joined in ("unnamed", "log2foldchange", "log2fc", "x1")
    if joined in _STATISTIC_WORDS or set(plain) <= _STATISTIC_WORDS | {"expr", "expression"}:
        return SUMMARY, settled and (joined not in _PLAIN_STATISTIC)
    if joined in _ANNOTATION_WORDS or set(plain) <= _ANNOTATION_WORDS:
        return ANNOTATION, settled
    if set(plain) & (_STATISTIC_WORDS - _PLAIN_STATISTIC - {"rank", "fold", "adj", "ave", "cv"}):
        return SUMMARY, False
    if set(plain) & _ANNOTATION_WORDS:
        return ANNOTATION, False
    return None, False
