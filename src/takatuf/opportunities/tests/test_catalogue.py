from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from takatuf.opportunities import catalogue
from takatuf.opportunities.catalogue import Catalogue, Listed, bits_of, slots_of

COLOURS, SIZES = ["red", "blue"], [1, 2, 3]
rows = st.builds(
    lambda pk, colour, size, a, b: Listed(
        pk=pk, facets=(("colour", colour), ("size", size)), keys=(a, b)
    ),
    st.integers(1, 40), st.sampled_from(COLOURS), st.sampled_from(SIZES), st.integers(0, 5), st.integers(0, 9),
)  # fmt: skip


@given(st.sets(st.integers(0, 300)))
def test_slots_and_bits_are_each_others_reverse(slots):
    assert list(slots_of(bits_of(slots, 301))) == sorted(slots)


class AsAPlainDictionary(RuleBasedStateMachine):
    """The catalogue answers like a dictionary filtered and sorted by hand."""

    @initialize(given=st.lists(rows, max_size=30, unique_by=lambda row: row.pk))
    def load(self, given):
        self.catalogue, self.plain = Catalogue(["a", "b"]), {row.pk: row for row in given}
        self.catalogue.load(given)

    @rule(row=rows)
    def put(self, row):
        self.catalogue.put(row)
        self.plain[row.pk] = row

    @rule(pk=st.integers(1, 40))
    def drop(self, pk):
        self.catalogue.drop(pk)
        self.plain.pop(pk, None)

    @rule(
        colours=st.sets(st.sampled_from(COLOURS)), sort=st.sampled_from(["a", "b"]),
        limit=st.integers(1, 7), few=st.sampled_from([0, 2_000]),
    )  # fmt: skip
    def read_page_by_page(self, colours, sort, limit, few):
        wanted = sorted(
            (row.keys["ab".index(sort)], row.pk)
            for row in self.plain.values()
            if dict(row.facets)["colour"] in colours
        )
        mask = self.catalogue.having("colour", colours)
        catalogue.FEW = few  # the walk must answer like the sort
        seen, after = [], None
        while page := self.catalogue.page(mask, sort, after=after, limit=limit):
            seen += page
            after = page[-1]
        assert seen == wanted

    @rule(key=st.integers(0, 6))
    def ask_below(self, key):
        mask = self.catalogue.below("a", key)
        assert mask.bit_count() == sum(row.keys[0] < key for row in self.plain.values())

    @rule(pks=st.sets(st.integers(1, 50)))
    def ask_among(self, pks):
        assert self.catalogue.among(pks).bit_count() == len(pks & self.plain.keys())

    @invariant()
    def counts_agree(self):
        if not hasattr(self, "plain"):
            return
        assert len(self.catalogue) == len(self.plain) == self.catalogue.everything.bit_count()
        for value, count in self.catalogue.counts("size", self.catalogue.everything).items():
            assert count == sum(
                dict(row.facets)["size"] == value for row in self.plain.values()
            )

    def teardown(self):
        catalogue.FEW = 16


TestAsAPlainDictionary = AsAPlainDictionary.TestCase
TestAsAPlainDictionary.settings = settings(max_examples=60, deadline=None)
