"""The terms of SHACL 1.0 and of the W3C vocabularies that shapes name: what is none of them is misspelt.

The parameters follow the tables of https://www.w3.org/TR/shacl/ and their
well-formedness rules, https://www.w3.org/TR/shacl/#syntax-rules.
"""

from collections import namedtuple

SH = "http://www.w3.org/ns/shacl#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"

TARGETS = ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
SEVERITIES = ("Violation", "Warning", "Info")
NODE_KINDS = ("BlankNode", "IRI", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral")
PATHS = ("alternativePath", "inversePath", "zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath")


class Parameter(namedtuple("Parameter", "component kind single on_property")):
    """A parameter of a constraint component.

    Attributes:
        component: the local name of the component; of several where they share it.
        kind: what its value is: iri, node kind, count, text, texts, boolean, literal, any, list, shape, shapes, sparql.
        single: whether a shape has it once at most.
        on_property: whether only a property shape may have it.
    """

    __slots__ = ()


def _parameter(component, kind, single=False, on_property=False):
    return Parameter(component + "ConstraintComponent", kind, single, on_property)


PARAMETERS = {
    "class": _parameter("Class", "iri"),
    "datatype": _parameter("Datatype", "iri", True),
    "nodeKind": _parameter("NodeKind", "node kind", True),
    "minCount": _parameter("MinCount", "count", True, True),
    "maxCount": _parameter("MaxCount", "count", True, True),
    "minExclusive": _parameter("MinExclusive", "literal", True),
    "minInclusive": _parameter("MinInclusive", "literal", True),
    "maxExclusive": _parameter("MaxExclusive", "literal", True),
    "maxInclusive": _parameter("MaxInclusive", "literal", True),
    "minLength": _parameter("MinLength", "count", True),
    "maxLength": _parameter("MaxLength", "count", True),
    "pattern": _parameter("Pattern", "text"),
    "flags": _parameter("Pattern", "text", True),
    "languageIn": _parameter("LanguageIn", "texts", True),
    "uniqueLang": _parameter("UniqueLang", "boolean", True, True),
    "equals": _parameter("Equals", "iri"),
    "disjoint": _parameter("Disjoint", "iri"),
    "lessThan": _parameter("LessThan", "iri", False, True),
    "lessThanOrEquals": _parameter("LessThanOrEquals", "iri", False, True),
    "not": _parameter("Not", "shape"),
    "and": _parameter("And", "shapes"),
    "or": _parameter("Or", "shapes"),
    "xone": _parameter("Xone", "shapes"),
    "node": _parameter("Node", "shape"),
    "property": _parameter("Property", "shape"),
    "qualifiedValueShape": _parameter("QualifiedMinCount", "shape", False, True),
    "qualifiedMinCount": _parameter("QualifiedMinCount", "count", True, True),
    "qualifiedMaxCount": _parameter("QualifiedMaxCount", "count", True, True),
    "qualifiedValueShapesDisjoint": _parameter("QualifiedMinCount", "boolean", True, True),
    "closed": _parameter("Closed", "boolean", True),
    "ignoredProperties": _parameter("Closed", "list", True),
    "hasValue": _parameter("HasValue", "any"),
    "in": _parameter("In", "list", True),
    "sparql": _parameter("SPARQL", "sparql"),
}

# What makes a constraint, and not only qualifies one.
CONSTRAINING = tuple(
    name for name in PARAMETERS if name not in ("flags", "ignoredProperties", "qualifiedValueShapesDisjoint")
)

_OTHERS = """
    Shape NodeShape PropertyShape ValidationReport ValidationResult AbstractResult Severity NodeKind
    ConstraintComponent Parameter Parameterizable PrefixDeclaration Validator SPARQLAskValidator
    SPARQLSelectValidator SPARQLConstraint SPARQLExecutable SPARQLAskExecutable SPARQLSelectExecutable
    PropertyGroup path name description order group defaultValue message severity deactivated conforms
    result detail focusNode resultPath value sourceShape sourceConstraint sourceConstraintComponent
    resultSeverity resultMessage resultAnnotation ResultAnnotation annotationProperty annotationVarName
    annotationValue shapesGraph suggestedShapesGraph entailment declare prefix namespace prefixes select ask
    validator nodeValidator propertyValidator labelTemplate parameter optional shapesGraphWellFormed
""".split()

# SHACL Advanced Features and SHACL JavaScript: known, and not carried out.
ADVANCED = frozenset(
    """
    target Target TargetType SPARQLTarget SPARQLTargetType rule Rule Rules TripleRule SPARQLRule JSRule condition
    construct subject predicate object Function SPARQLFunction JSFunction returnType expression
    ExpressionConstraintComponent nodes union intersection filterShape values this js JSConstraint
    JSConstraintComponent JSExecutable JSLibrary JSTarget JSTargetType JSValidator jsFunctionName jsLibrary
    jsLibraryURL SPARQLConstructExecutable SPARQLUpdateExecutable update
    """.split()
)

COMPONENTS = frozenset(parameter.component for parameter in PARAMETERS.values()) | {
    "QualifiedMaxCountConstraintComponent", "JSConstraintComponent",
}  # fmt: skip

TERMS = frozenset([*TARGETS, *SEVERITIES, *NODE_KINDS, *PATHS, *PARAMETERS, *COMPONENTS, *_OTHERS])

# All terms of vocabularies in which nobody else may mint one.
CLOSED = {
    RDF: frozenset(
        """type Property Statement subject predicate object Bag Seq Alt value List nil first rest XMLLiteral HTML
        JSON langString dirLangString PlainLiteral CompoundLiteral direction language reifies""".split()
    ),
    RDFS: frozenset(
        """Resource Class Literal Datatype Container ContainerMembershipProperty subClassOf subPropertyOf domain
        range label comment seeAlso isDefinedBy member""".split()
    ),
    XSD: frozenset(
        """string boolean decimal integer double float date time dateTime dateTimeStamp gYear gMonth gDay gYearMonth
        gMonthDay duration yearMonthDuration dayTimeDuration byte short int long unsignedByte unsignedShort
        unsignedInt unsignedLong positiveInteger nonNegativeInteger negativeInteger nonPositiveInteger hexBinary
        base64Binary anyURI language normalizedString token NMTOKEN NMTOKENS Name NCName QName NOTATION ID IDREF
        IDREFS ENTITY ENTITIES anyType anySimpleType anyAtomicType
        length minLength maxLength pattern enumeration whiteSpace maxInclusive maxExclusive minExclusive
        minInclusive totalDigits fractionDigits""".split()
    ),
    OWL: frozenset(
        """AllDifferent AllDisjointClasses AllDisjointProperties Annotation AnnotationProperty AsymmetricProperty
        Axiom Class DataRange DatatypeProperty DeprecatedClass DeprecatedProperty FunctionalProperty
        InverseFunctionalProperty IrreflexiveProperty NamedIndividual NegativePropertyAssertion Nothing
        ObjectProperty Ontology OntologyProperty ReflexiveProperty Restriction SymmetricProperty
        TransitiveProperty Thing allValuesFrom annotatedProperty annotatedSource annotatedTarget
        assertionProperty backwardCompatibleWith bottomDataProperty bottomObjectProperty cardinality
        complementOf datatypeComplementOf deprecated differentFrom disjointUnionOf disjointWith distinctMembers
        equivalentClass equivalentProperty hasKey hasSelf hasValue imports incompatibleWith intersectionOf
        inverseOf maxCardinality maxQualifiedCardinality members minCardinality minQualifiedCardinality onClass
        onDataRange onDatatype onProperties onProperty oneOf priorVersion propertyChainAxiom
        propertyDisjointWith qualifiedCardinality rational real sameAs someValuesFrom sourceIndividual
        targetIndividual targetValue topDataProperty topObjectProperty unionOf versionIRI versionInfo
        withRestrictions""".split()
    ),
    SH: TERMS | ADVANCED,
}


def unknown(iri):
    """Whether an IRI lies in a closed vocabulary of the W3C that has no such term."""
    for space, names in CLOSED.items():
        if iri.startswith(space):
            local = iri[len(space) :]
            return local not in names and not (space == RDF and local[:1] == "_" and local[1:].isdigit())
    return False
