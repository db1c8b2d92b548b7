package io.fairlead.dataplane.netlink.nftables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import io.fairlead.dataplane.netlink.nftables.expression.Fields;
import io.fairlead.dataplane.netlink.nftables.expression.RuleBuilder;
import io.fairlead.dataplane.netlink.nftables.expression.Verdict;
import io.fairlead.dataplane.sys.Errno;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the kernel and its imitation have in common: effects, refusals, text. */
abstract class NfTablesContract {

  abstract NfTablesKernel kernel();

  private void commit(NfOperation... operations) throws IOException {
    kernel().commit(NfTransaction.of(operations));
  }

  private void assertRefused(int errno, NfOperation... operations) throws IOException {
    String before = text();
    assertThatExceptionOfType(NetlinkException.class)
        .isThrownBy(() -> commit(operations))
        .satisfies(e -> assertThat(Errno.describe(e.errno())).isEqualTo(Errno.describe(errno)));
    assertThat(text()).isEqualTo(before);
  }

  private String text() throws IOException {
    return kernel().dump(Example.TABLE).map(TableSnapshot::toString).orElse("");
  }

  @Test
  void theTextOfATableIsTheSameEverywhere() throws IOException {
    kernel().commit(Example.transaction());
    FakeNfTables fake = new FakeNfTables();
    fake.commit(Example.transaction());
    assertThat(text()).isEqualTo(fake.toString());
  }

  @Test
  void singleObjectsAreFound() throws IOException {
    kernel().commit(Example.transaction());
    TableName table = Example.TABLE;
    for (NfSet set : Example.SETS) {
      for (SetElement element : set.timeouts() ? List.<SetElement>of() : kernel().elements(set)) {
        for (Bytes key : List.of(element.key(), element.last())) {
          FoundElement found = kernel().element(set, key);
          assertThat(found).as(set + " " + key).isNotNull();
          assertThat(found.element()).isEqualTo(element);
          assertThat(found.packets()).isEqualTo(set.counters() ? 0 : -1);
        }
      }
    }
    Bytes outside = Bytes.of(IpAddress.parse("203.0.113.99"));
    assertThat(kernel().element(Example.NETWORKS, outside)).isNull();
    assertThat(kernel().element(NfSet.set(table, "absent", "", Fields.IP_SADDR), outside)).isNull();
    assertThat(kernel().counter(table, "refused")).isEqualTo(Example.COUNTER);
    assertThat(kernel().counter(table, "absent")).isNull();
    for (NfRule rule : kernel().rules(table)) {
      assertThat(kernel().rule(table, rule.chain(), rule.handle())).isEqualTo(rule);
    }
    assertThat(kernel().rule(table, "prerouting", 99_999)).isNull();
  }

  @Test
  void everythingCanBeAddedTwice() throws IOException {
    kernel().commit(Example.transaction());
    commit(new NfOperation.AddTable(NfTable.of(Example.TABLE, "an example")));
    for (NfChain chain : Example.chains()) {
      commit(new NfOperation.AddChain(chain));
    }
    for (NfSet set : Example.SETS) {
      commit(new NfOperation.AddSet(set));
    }
    commit(new NfOperation.AddCounter(Example.COUNTER));
    commit(Example.elements().get(0), Example.elements().get(1));
    FakeNfTables fake = new FakeNfTables();
    fake.commit(Example.transaction());
    assertThat(text()).isEqualTo(fake.toString());
  }

  @Test
  void whatIsNotThereCannotBeChanged() throws IOException {
    TableName table = Example.TABLE;
    NfRule rule = Example.rules().getFirst();
    assertRefused(Errno.ENOENT, new NfOperation.DeleteTable(table));
    assertRefused(Errno.ENOENT, new NfOperation.AddChain(Example.chains().getFirst()));
    commit(new NfOperation.AddTable(NfTable.of(table, "")));
    assertRefused(Errno.ENOENT, new NfOperation.DeleteChain(table, "x"));
    assertRefused(Errno.ENOENT, new NfOperation.FlushChain(table, "x"));
    assertRefused(Errno.ENOENT, new NfOperation.AddRule(rule));
    assertRefused(Errno.ENOENT, new NfOperation.DeleteRule(table, "x", 7));
    assertRefused(Errno.ENOENT, new NfOperation.DeleteSet(table, "x"));
    assertRefused(Errno.ENOENT, new NfOperation.FlushSet(table, "x"));
    assertRefused(Errno.ENOENT, new NfOperation.DeleteCounter(table, "x"));
    assertRefused(Errno.ENOENT, Example.elements().getFirst());
    commit(new NfOperation.AddSet(Example.SERVICES));
    assertRefused(Errno.ENOENT, Example.elements().getFirst()); // The chain it leads to.
    commit(new NfOperation.AddChain(NfChain.regular(table, "endpoints-2", "")));
    assertRefused(Errno.ENOENT, new NfOperation.AddRule(rule)); // The map it looks in.
    assertRefused(
        Errno.ENOENT,
        new NfOperation.DeleteElements(
            Example.SERVICES, List.of(Example.service("10.96.0.10", 80, 2))));
    assertRefused(Errno.ENOENT, new NfOperation.DeleteRule(table, "endpoints-2", 7_000));
  }

  @Test
  void whatIsUsedStays() throws IOException {
    kernel().commit(Example.transaction());
    TableName table = Example.TABLE;
    assertRefused(Errno.EBUSY, new NfOperation.DeleteChain(table, "endpoints-2"));
    assertRefused(Errno.EBUSY, new NfOperation.DeleteChain(table, "refuse"));
    assertRefused(Errno.EBUSY, new NfOperation.DeleteSet(table, "services"));
    assertRefused(Errno.EBUSY, new NfOperation.DeleteSet(table, "seen"));
    assertRefused(Errno.EBUSY, new NfOperation.DeleteSet(table, "counters"));
    assertRefused(Errno.EBUSY, new NfOperation.DeleteCounter(table, "refused"));
  }

  @Test
  void whatIsNoLongerUsedGoesInTheSameTransaction() throws IOException {
    kernel().commit(Example.transaction());
    TableName table = Example.TABLE;
    commit(
        new NfOperation.DeleteElements(
            Example.SERVICES, List.of(Example.service("10.96.0.10", 80, 2))),
        new NfOperation.DeleteChain(table, "endpoints-2"),
        new NfOperation.FlushChain(table, "prerouting"),
        new NfOperation.DeleteSet(table, "services"));
    assertThat(text()).doesNotContain("endpoints-2", "map services");
  }

  @Test
  void aClashIsRefused() throws IOException {
    kernel().commit(Example.transaction());
    assertRefused(
        Errno.EEXIST,
        new NfOperation.AddElements(
            Example.ENDPOINTS, List.of(Example.endpoint("10.96.0.10", 80, 0, "10.244.0.99", 1))));
    assertRefused(
        Errno.EEXIST,
        new NfOperation.AddElements(
            Example.NETWORKS, List.of(SetElement.of(Cidr.parse("10.244.0.0/16")))));
    assertRefused(
        Errno.EEXIST,
        new NfOperation.AddElements(
            Example.PORTS, List.of(SetElement.range(Bytes.u16Be(85), Bytes.u16Be(95)))));
    assertRefused(
        Errno.EEXIST,
        new NfOperation.AddSet(
            NfSet.set(Example.TABLE, "services", "", Example.SERVICES.key().getFirst())));
    assertRefused(
        Errno.EOPNOTSUPP,
        new NfOperation.AddChain(
            new NfChain(
                Example.TABLE,
                "prerouting",
                NfChain.Hook.accepting(NfChain.Type.NAT, NfChain.Point.PREROUTING, -90),
                "")));
  }

  @Test
  void rulesAreInsertedReplacedAndDeletedByHandle() throws IOException {
    kernel().commit(Example.transaction());
    NfRule accept = rule("accepted", Verdict.ACCEPT);
    NfRule drop = rule("dropped", Verdict.DROP);
    NfRule first = kernel().dump(Example.TABLE).orElseThrow().rules("raw").getFirst();
    commit(
        new NfOperation.InsertRule(accept, 0),
        new NfOperation.InsertRule(drop, first.handle()),
        new NfOperation.ReplaceRule(rule("returned", Verdict.RETURN), first.handle()));
    List<NfRule> rules = kernel().dump(Example.TABLE).orElseThrow().rules("raw");
    assertThat(rules)
        .extracting(NfRule::text)
        .containsExactly(
            "accept comment \"accepted\"",
            "drop comment \"dropped\"",
            "return comment \"returned\"");
    commit(new NfOperation.DeleteRule(Example.TABLE, "raw", rules.get(1).handle()));
    assertThat(kernel().dump(Example.TABLE).orElseThrow().rules("raw")).hasSize(2);
  }

  private static NfRule rule(String comment, Verdict verdict) {
    return NfRule.of(Example.TABLE, "raw", comment, new RuleBuilder().verdict(verdict).build());
  }

  @Test
  void eachTransactionIsAGenerationAndAnEmptyOneIsNone() throws IOException {
    long before = kernel().generation();
    kernel().commit(new NfTransaction());
    assertThat(kernel().generation()).isEqualTo(before);
    kernel().commit(Example.transaction());
    assertThat(kernel().generation()).isEqualTo(before + 1);
    assertThat(kernel().dump(Example.TABLE).orElseThrow().generation()).isEqualTo(before + 1);
    assertThat(kernel().dump(TableName.inet("another"))).isEmpty();
  }
}
