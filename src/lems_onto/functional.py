"""Writes OWL functional syntax, through OWLAPI: axioms in order, and nothing lost without a word."""

import re

from .errors import LemsError, shorten
from .syntaxes.layout import OWL, RDF, RDFS, XSD, natural
from .syntaxes.names import Names

# OWL does not know which side of these comes first.
_SYMMETRIC = {
    OWL + name
    for name in "equivalentClass equivalentProperty disjointWith propertyDisjointWith inverseOf sameAs "
    "differentFrom".split()
}
# What a text in functional syntax consists of, as OWLAPI writes it.
_TOKENS = re.compile(r'"(?:[^"\\]|\\.)*"|<[^>]*>|_:[\w.-]+|[()]|[^\s()<"]+|\s+', re.DOTALL)
_BEFORE = ("Import(", "Annotation(", "Declaration(")


def write(triples, prefixes):
    """The text of an ontology in OWL functional syntax.

    Args:
        triples: a list of triples of pyoxigraph.
        prefixes: a dict from prefix to namespace.

    Raises:
        NoBridge, NoJava, JavaFailed: OWLAPI cannot be reached, or cannot read the triples.
        LemsError: they hold what is no OWL, or a literal that OWLAPI would write in another way.
    """
    from .reasoning import owlapi

    owlapi.start()
    ontology = owlapi.load(triples)
    text = _saved(ontology, "OWLFunctionalSyntaxOntologyFormat")
    imports = {triple for triple in triples if triple.predicate.value == OWL + "imports"}
    text = _arranged(text, sorted(triple.object.value for triple in imports), prefixes)
    _refuse_loss([triple for triple in triples if triple not in imports or not _is_header(triple, triples)], text)
    return text


def read(text):
    """The triples of an ontology in OWL functional syntax, as OWLAPI has them in RDF.

    Raises:
        NoBridge, NoJava, JavaFailed: OWLAPI cannot be reached, or cannot read it.
    """
    from .reasoning import owlapi
    from .reasoning.processes import JavaFailed

    cls = owlapi.start()
    import jpype
    import pyoxigraph as ox

    content = jpype.JArray(jpype.JByte)(text.encode())
    configuration = cls("org.semanticweb.owlapi.model.OWLOntologyLoaderConfiguration")()
    # What is imported is named and never fetched.
    for iri in re.findall(r"Import\(<([^>]*)>\)", text):
        configuration = configuration.addIgnoredImport(cls("org.semanticweb.owlapi.model.IRI").create(iri))
    source = cls("org.semanticweb.owlapi.io.StreamDocumentSource")(cls("java.io.ByteArrayInputStream")(content))
    manager = owlapi.manager()
    try:
        ontology = manager.loadOntologyFromOntologyDocument(source, configuration)
    except jpype.JException as problem:
        first = str(problem).strip().splitlines()[0]
        raise JavaFailed(f"OWLAPI cannot read the functional syntax: {shorten(first, 200)}") from problem
    return [quad.triple for quad in ox.parse(_saved(ontology, "RDFXMLOntologyFormat"), format=ox.RdfFormat.RDF_XML)]


def _saved(ontology, form):
    from .reasoning import owlapi

    cls = owlapi.start()
    form = cls(f"org.semanticweb.owlapi.io.{form}")()
    if form.getClass().getSimpleName().startswith("OWLFunctional"):
        # OWLAPI shortens names in ways that it does not read; we do it ourselves.
        form.clearPrefixes()
    out = cls("java.io.ByteArrayOutputStream")()
    ontology.getOWLOntologyManager().saveOntology(
        ontology, form, cls("org.semanticweb.owlapi.io.StreamDocumentTarget")(out)
    )
    return bytes(out.toByteArray()).decode()


def _is_header(triple, triples):
    import pyoxigraph as ox

    return ox.Triple(triple.subject, ox.NamedNode(RDF + "type"), ox.NamedNode(OWL + "Ontology")) in triples


def _refuse_loss(triples, text):
    """Refuse triples of which the text does not say all; in which form OWL says it does not count."""
    said = set(read(text))
    terms = {term for triple in said for term in triple}
    lost = [triple for triple in triples if not _is_said(triple, said, terms)]
    if lost:
        # One with a name, where there is one, tells more.
        first = min(lost, key=lambda triple: (str(triple.subject)[0] != "<", str(triple)))
        raise LemsError(
            f"{len(lost):,} statements would be lost, for OWL has no place for them, or OWLAPI writes them in another "
            f"way; the first: {shorten(str(first), 300)}; convert it to another syntax, such as ttl"
        )


def _is_said(triple, said, terms):
    import pyoxigraph as ox

    words = [term for term in triple if not isinstance(term, ox.BlankNode) and not _is_vocabulary(term)]
    if not all(word in terms for word in words):
        return False
    if isinstance(triple.subject, ox.BlankNode) or isinstance(triple.object, ox.BlankNode) or len(words) < 2:
        return True
    if triple in said:
        return True
    return triple.predicate.value in _SYMMETRIC and ox.Triple(triple.object, triple.predicate, triple.subject) in said


def _is_vocabulary(term):
    return getattr(term, "value", "").startswith((RDF, RDFS, OWL)) and not hasattr(term, "datatype")


def _arranged(text, imports, prefixes):
    """The text with short names, its axioms in order, and imports."""
    # OWLAPI writes its own vocabulary with these, whatever the prefixes are.
    own = {"owl": OWL, "rdf": RDF, "rdfs": RDFS, "xsd": XSD}
    fit = {prefix: space for prefix, space in prefixes.items() if re.fullmatch(r"[A-Za-z][\w-]*", prefix)}
    names = Names({prefix: space for prefix, space in fit.items() if prefix not in own})
    head, axioms = _axioms(text)
    axioms += [[f"Import(<{iri}>)"] for iri in imports]
    # Blank nodes bear other names in every run: axioms are sorted without them, and named in that order.
    axioms.sort(key=lambda axiom: _order("".join("_:" if part.startswith("_:") else part for part in axiom)))
    numbers = {}

    def short(part):
        if part.startswith("_:"):
            return f"_:b{numbers.setdefault(part, len(numbers) + 1)}"
        if part[0] != "<" or len(part) < 3:
            return part
        return names.short(part[1:-1]) or part

    lines = ["".join(map(short, axiom)) for axiom in axioms]
    spaces = "".join(f"Prefix({prefix}:=<{space}>)\n" for prefix, space in sorted({**names.used, **own}.items()))
    return f"{spaces}\nOntology({' '.join(head)}\n\n" + "\n".join(lines) + "\n)\n"


def _order(axiom):
    rank = next((rank for rank, start in enumerate(_BEFORE) if axiom.startswith(start)), len(_BEFORE))
    return rank, natural(axiom)


def _axioms(text):
    """The names of the ontology, and its axioms as lists of tokens."""
    depth, head, axioms, axiom = 0, [], [], []
    for part in _TOKENS.findall(text[text.index("Ontology(") :]):
        depth += (part == "(") - (part == ")")
        if depth == 1 and not axiom and part.startswith("<"):
            head.append(part)
        elif depth > 1 or (depth == 1 and part == ")"):
            axiom.append(part if not part.isspace() else " ")
            if depth == 1:
                axioms.append(axiom)
                axiom = []
        elif depth == 1 and not part.isspace() and part != "(":
            # The name of an axiom stands before its parenthesis.
            axiom.append(part)
    return head, axioms
