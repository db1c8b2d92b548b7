package io.fairlead.dataplane.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.netlink.nftables.FakeNfTables;
import io.fairlead.dataplane.netlink.nftables.NfChain;
import io.fairlead.dataplane.netlink.nftables.NfOperation;
import io.fairlead.dataplane.netlink.nftables.NfRule;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.NfTable;
import io.fairlead.dataplane.netlink.nftables.NfTransaction;
import io.fairlead.dataplane.netlink.nftables.RecordingNfTables;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.netlink.nftables.TableName;
import io.fairlead.dataplane.netlink.nftables.expression.Expression;
import io.fairlead.dataplane.netlink.nftables.expression.ImmediateVerdict;
import io.fairlead.dataplane.netlink.nftables.expression.Verdict;
import io.fairlead.dataplane.table.FamilyFields;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TableComparisonTest {

  private static final TableName TABLE = TableName.inet("fairlead");
  private static final NfSet SET =
      NfSet.set(TABLE, "pods", "", FamilyFields.of(AddressFamily.IPV4).destination())
          .withIntervals();

  private final FakeNfTables kernel = new FakeNfTables();

  private static NfRule rule(String comment, Verdict verdict) {
    return NfRule.of(TABLE, "chain", comment, List.<Expression>of(new ImmediateVerdict(verdict)));
  }

  private static SetElement network(String cidr) {
    return SetElement.of(Cidr.parse(cidr));
  }

  @BeforeEach
  void make() throws Exception {
    kernel.commit(
        NfTransaction.of(
            new NfOperation.AddTable(NfTable.of(TABLE, "")),
            new NfOperation.AddSet(SET),
            new NfOperation.AddChain(NfChain.regular(TABLE, "chain", "")),
            new NfOperation.AddRule(rule("one", Verdict.ACCEPT)),
            new NfOperation.AddRule(rule("two", Verdict.DROP)),
            new NfOperation.AddRule(rule("three", Verdict.RETURN)),
            new NfOperation.AddElements(
                SET, List.of(network("10.244.1.0/24"), network("10.244.2.0/24")))));
  }

  private RecordingNfTables recording(NfOperation... operations) throws IOException {
    RecordingNfTables recording = new RecordingNfTables(kernel);
    assertThat(recording.dump(TABLE)).isPresent();
    recording.commit(NfTransaction.of(operations));
    return recording;
  }

  private long handle(int index) throws IOException {
    return kernel.rules(TABLE, "chain").get(index).handle();
  }

  @Test
  void nothingToDoIsRight() throws Exception {
    Comparison result = TableComparison.of(TABLE, recording());
    assertThat(result.isClean()).isTrue();
    assertThat(result.right())
        .containsEntry("rules", 3)
        .containsEntry("elements", 2)
        .containsEntry("chains", 1)
        .containsEntry("sets and maps", 1);
  }

  @Test
  void nothingIsCommitted() throws Exception {
    String before = kernel.toString();
    long generation = kernel.generation();
    recording(new NfOperation.DeleteTable(TABLE));
    assertThat(kernel).hasToString(before);
    assertThat(kernel.generation()).isEqualTo(generation);
  }

  @Test
  void elementsAreMissingExtraOrDifferentByTheirKeys() throws Exception {
    Comparison result =
        TableComparison.of(
            TABLE,
            recording(
                new NfOperation.DeleteElements(
                    SET, List.of(network("10.244.1.0/24"), network("10.244.2.0/24"))),
                new NfOperation.AddElements(
                    SET, List.of(network("10.244.1.0/25"), network("10.244.3.0/24")))));
    assertThat(result.differences())
        .containsExactlyInAnyOrder(
            Difference.different("set inet fairlead pods", "10.244.1.0/25", "10.244.1.0/24"),
            Difference.missing("set inet fairlead pods", "10.244.3.0/24"),
            Difference.extra("set inet fairlead pods", "10.244.2.0/24"));
    assertThat(result.right()).doesNotContainKey("elements");
  }

  @Test
  void rulesThatAreOnlyRewrittenAreRight() throws Exception {
    Comparison result =
        TableComparison.of(
            TABLE,
            recording(
                new NfOperation.DeleteRule(TABLE, "chain", handle(1)),
                new NfOperation.DeleteRule(TABLE, "chain", handle(2)),
                new NfOperation.AddRule(rule("more", Verdict.ACCEPT)),
                new NfOperation.AddRule(rule("two", Verdict.DROP)),
                new NfOperation.AddRule(rule("three", Verdict.RETURN))));
    assertThat(result.differences())
        .containsExactly(
            Difference.missing("chain inet fairlead chain", "accept comment \"more\""));
    assertThat(result.right()).containsEntry("rules", 3);
  }

  @Test
  void aRuleInThePlaceOfAnotherIsDifferent() throws Exception {
    Comparison result =
        TableComparison.of(
            TABLE, recording(new NfOperation.ReplaceRule(rule("two", Verdict.ACCEPT), handle(1))));
    assertThat(result.differences())
        .containsExactly(
            Difference.different(
                "chain inet fairlead chain", "accept comment \"two\"", "drop comment \"two\""));
  }

  @Test
  void aTableMadeAnewIsComparedByWhatIsInIt() throws Exception {
    Comparison result =
        TableComparison.of(
            TABLE,
            recording(
                new NfOperation.DeleteTable(TABLE),
                new NfOperation.AddTable(NfTable.of(TABLE, "")),
                new NfOperation.AddSet(SET),
                new NfOperation.AddChain(NfChain.regular(TABLE, "chain", "")),
                new NfOperation.AddRule(rule("one", Verdict.ACCEPT)),
                new NfOperation.AddRule(rule("two", Verdict.DROP)),
                new NfOperation.AddElements(SET, List.of(network("10.244.1.0/24")))));
    assertThat(result.differences())
        .containsExactly(
            Difference.extra("chain inet fairlead chain", "return comment \"three\""),
            Difference.extra("set inet fairlead pods", "10.244.2.0/24"));
  }

  @Test
  void aMissingTableIsOneDifference() throws Exception {
    TableName other = TableName.inet("fairlead-other");
    Comparison result =
        TableComparison.of(
            other,
            null,
            List.of(
                new NfOperation.AddTable(NfTable.of(other, "")),
                new NfOperation.AddChain(NfChain.regular(other, "chain", ""))));
    assertThat(result.differences())
        .containsExactly(
            Difference.missing(
                "table inet fairlead-other",
                "table inet fairlead-other with 1 chains, 0 rules, 0 sets and maps and 0"
                    + " elements"));
  }
}
