package io.fairlead.iptables.kernel;

import static io.fairlead.dataplane.model.AddressFamily.IPV4;
import static io.fairlead.dataplane.model.AddressFamily.IPV6;
import static io.fairlead.iptables.rule.IptablesTable.FILTER;
import static io.fairlead.iptables.rule.IptablesTable.NAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.dataplane.evidence.Difference;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.testing.TestNamespace;
import io.fairlead.iptables.kernel.XtablesSnapshot.HeldJump;
import io.fairlead.iptables.rule.IptablesRule;
import io.fairlead.iptables.rule.IptablesTable;
import io.fairlead.iptables.rule.Match;
import io.fairlead.iptables.rule.RuleExamples;
import io.fairlead.iptables.rule.Target;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each variant of iptables does, seen with its own programs. */
abstract class XtablesContract {

  static final String ENTRY = "FAIRLEAD-ENTRY";
  private static final String ONE = "FAIRLEAD-ONE";
  private static final String TWO = "FAIRLEAD-TWO";
  private static final IptablesRule TO_ENTRY =
      IptablesRule.of(new Target.Jump(ENTRY), new Match.Comment("to fairlead"));

  @TempDir Path folder;
  TestNamespace namespace;
  TestPlace place;
  XtablesKernel xtables;

  /** "nft" or "legacy". */
  abstract String variant();

  abstract XtablesKernel open() throws Exception;

  @BeforeEach
  void start() throws Exception {
    namespace = TestNamespace.create("xtables-" + variant());
    place = new TestPlace(namespace, folder.resolve("lock"));
    xtables = open();
  }

  @AfterEach
  void stop() {
    xtables.close();
    namespace.close();
  }

  String program(AddressFamily family, String rest) {
    String name = family == IPV4 ? "iptables-" : "ip6tables-";
    return name + variant() + rest;
  }

  void iptables(String arguments) {
    namespace.run((program(IPV4, "") + " " + arguments).split(" "));
  }

  /** The rules and chains that iptables-save prints of a table, with policies. */
  List<String> save(AddressFamily family, IptablesTable table) {
    return namespace
        .run(program(family, "-save"), "-t", table.text())
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.replaceAll(" \\[\\d+:\\d+]", ""))
        .toList();
  }

  void commit(AddressFamily family, IptablesTable table, XtablesChange change) throws Exception {
    xtables.commit(family, table, change).get(20, TimeUnit.SECONDS);
  }

  private static IptablesRule jump(String chain) {
    return IptablesRule.of(new Target.Jump(chain));
  }

  static XtablesChange withEntry(Map<String, List<IptablesRule>> more) {
    Map<String, List<IptablesRule>> chains = new LinkedHashMap<>(more);
    chains.putIfAbsent(ENTRY, List.of());
    return new XtablesChange(
        chains,
        List.of(),
        List.of(
            new BuiltInJump("PREROUTING", TO_ENTRY, true),
            new BuiltInJump("OUTPUT", TO_ENTRY, true),
            new BuiltInJump("POSTROUTING", TO_ENTRY, false)),
        List.of());
  }

  @Test
  void whatIsOnlyRecordedIsComparedAndNotMade() throws Exception {
    IptablesRule returns = IptablesRule.of(new Target.Return());
    commit(IPV4, NAT, withEntry(Map.of(ONE, List.of(returns, jump(ENTRY)))));
    List<String> before = save(IPV4, NAT);
    RecordingXtables recording = new RecordingXtables(xtables);
    assertThat(recording.read(IPV4, NAT).chains()).containsKey(ONE);
    assertThat(XtablesComparison.of(recording).isClean()).isTrue();
    assertThat(XtablesComparison.of(recording).right()).isEqualTo(Map.of("chains", 2, "rules", 5));
    recording
        .commit(
            IPV4,
            NAT,
            new XtablesChange(
                Map.of(ONE, List.of(jump(ENTRY)), TWO, List.of(returns)),
                List.of(),
                List.of(new BuiltInJump("INPUT", TO_ENTRY, false)),
                List.of(recording.read(IPV4, NAT).jumps().getFirst())))
        .join();
    assertThat(XtablesComparison.of(recording).differences())
        .containsExactlyInAnyOrder(
            Difference.extra("chain ip nat " + ONE, "-j RETURN"),
            Difference.missing("table ip nat", ":" + TWO),
            Difference.missing("chain ip nat " + TWO, "-j RETURN"),
            Difference.missing("chain ip nat INPUT", TO_ENTRY.text(IPV4)),
            Difference.extra(
                "chain ip nat " + recording.read(IPV4, NAT).jumps().getFirst().chain(),
                TO_ENTRY.text(IPV4)));
    assertThat(save(IPV4, NAT)).isEqualTo(before);
  }

  @Test
  void itsProgramsPrintEveryRuleInTheRulesOwnWords() throws Exception {
    for (AddressFamily family : AddressFamily.values()) {
      for (IptablesTable table : List.of(NAT, FILTER)) {
        List<RuleExamples.Example> examples =
            RuleExamples.all().stream()
                .filter(example -> example.family() == family && example.table() == table)
                .toList();
        Map<String, List<IptablesRule>> chains = new LinkedHashMap<>();
        chains.put(ONE, examples.stream().map(RuleExamples.Example::rule).toList());
        chains.put(RuleExamples.OTHER, List.of());
        commit(family, table, XtablesChange.ofChains(chains));
        List<String> texts = examples.stream().map(RuleExamples.Example::text).toList();
        assertThat(save(family, table))
            .containsAll(texts.stream().map(t -> "-A " + ONE + " " + t).toList());
        assertThat(xtables.read(family, table).texts(ONE)).isEqualTo(texts);
      }
    }
  }

  @Test
  @DisplayName(
      "Chains are made and replaced, and deleted although they lead to each other"
          + " (services 44)")
  void chainsAreMadeReplacedAndDeleted() throws Exception {
    commit(
        IPV4,
        NAT,
        withEntry(Map.of(ONE, List.of(), ENTRY, List.of(jump(ONE)), TWO, List.of(jump(ONE)))));
    assertThat(save(IPV4, NAT))
        .contains("-A FAIRLEAD-ENTRY -j FAIRLEAD-ONE", "-A FAIRLEAD-TWO -j FAIRLEAD-ONE");
    commit(
        IPV4,
        NAT,
        new XtablesChange(
            Map.of(ENTRY, List.of(jump("FAIRLEAD-THREE")), "FAIRLEAD-THREE", List.of()),
            List.of(ONE, TWO),
            List.of(),
            List.of()));
    assertThat(save(IPV4, NAT))
        .contains("-A FAIRLEAD-ENTRY -j FAIRLEAD-THREE")
        .noneMatch(line -> line.contains(ONE) || line.contains(TWO));
    assertThat(xtables.read(IPV4, NAT).chains()).containsOnlyKeys(ENTRY, "FAIRLEAD-THREE");
  }

  @Test
  @DisplayName("What is committed again stays as it is (services 41)")
  void again() throws Exception {
    commit(IPV4, NAT, withEntry(Map.of(ONE, List.of())));
    List<String> before = save(IPV4, NAT);
    commit(IPV4, NAT, withEntry(Map.of(ONE, List.of())));
    assertThat(save(IPV4, NAT)).isEqualTo(before);
  }

  @Test
  @DisplayName("Others' rules, chains and policies stay; cleanup leaves just them (services 45)")
  void foreignRulesStay() throws Exception {
    iptables("-t nat -N DOCKER");
    iptables("-t nat -A DOCKER -d 192.0.2.7 -j RETURN");
    iptables("-t nat -A PREROUTING -j DOCKER");
    iptables("-t nat -A POSTROUTING -j MASQUERADE");
    iptables("-t filter -P FORWARD DROP");
    iptables("-t filter -A FORWARD -j ACCEPT");
    List<String> nat = save(IPV4, NAT);
    List<String> filter = save(IPV4, FILTER);
    commit(IPV4, NAT, withEntry(Map.of(ONE, List.of(jump(ENTRY)))));
    commit(
        IPV4,
        FILTER,
        new XtablesChange(
            Map.of(ENTRY, List.of()),
            List.of(),
            List.of(new BuiltInJump("FORWARD", TO_ENTRY, true)),
            List.of()));
    assertThat(save(IPV4, NAT))
        .containsAll(nat)
        .containsSubsequence(
            "-A PREROUTING -m comment --comment \"to fairlead\" -j FAIRLEAD-ENTRY",
            "-A PREROUTING -j DOCKER",
            "-A POSTROUTING -j MASQUERADE",
            "-A POSTROUTING -m comment --comment \"to fairlead\" -j FAIRLEAD-ENTRY");
    assertThat(save(IPV4, FILTER)).containsAll(filter).contains(":FORWARD DROP");
    xtables.cleanup();
    assertThat(save(IPV4, NAT)).isEqualTo(nat);
    assertThat(save(IPV4, FILTER)).isEqualTo(filter);
  }

  @Test
  @DisplayName("A jump that was deleted or displaced is seen and put back (faults 19)")
  void displacedJumps() throws Exception {
    commit(IPV4, NAT, withEntry(Map.of()));
    iptables("-t nat -I PREROUTING -d 192.0.2.7 -j ACCEPT");
    iptables("-t nat -D OUTPUT 1");
    iptables("-t nat -A POSTROUTING -j FAIRLEAD-ENTRY");
    String entry = "-m comment --comment \"to fairlead\" -j FAIRLEAD-ENTRY";
    HeldJump wrong = new HeldJump("POSTROUTING", "-j FAIRLEAD-ENTRY", 1);
    assertThat(xtables.read(IPV4, NAT).jumps())
        .containsExactlyInAnyOrder(
            new HeldJump("PREROUTING", entry, 1), new HeldJump("POSTROUTING", entry, 0), wrong);
    XtablesChange repair = withEntry(Map.of());
    commit(IPV4, NAT, new XtablesChange(Map.of(), List.of(), repair.ensured(), List.of(wrong)));
    assertThat(xtables.read(IPV4, NAT).jumps())
        .containsExactlyInAnyOrder(
            new HeldJump("PREROUTING", entry, 0),
            new HeldJump("OUTPUT", entry, 0),
            new HeldJump("POSTROUTING", entry, 0));
    assertThat(save(IPV4, NAT)).contains("-A PREROUTING -d 192.0.2.7/32 -j ACCEPT");
  }

  @Test
  @DisplayName(
      "A refused change changes nothing, and the next one is made (faults 13, services 42)")
  void refusal() throws Exception {
    commit(IPV4, NAT, withEntry(Map.of(ONE, List.of())));
    List<String> before = save(IPV4, NAT);
    XtablesChange bad =
        XtablesChange.ofChains(
            Map.of(ONE, List.of(jump("FAIRLEAD-NOWHERE")), TWO, List.of(jump(ONE))));
    assertThatThrownBy(() -> commit(IPV4, NAT, bad)).hasMessageContaining("FAIRLEAD-NOWHERE");
    XtablesChange used = new XtablesChange(Map.of(), List.of(ENTRY), List.of(), List.of());
    assertThatThrownBy(() -> commit(IPV4, NAT, used)).isNotNull();
    assertThat(save(IPV4, NAT)).isEqualTo(before);
    commit(IPV4, NAT, XtablesChange.ofChains(Map.of(TWO, List.of(jump(ONE)))));
    assertThat(save(IPV4, NAT)).contains("-A FAIRLEAD-TWO -j FAIRLEAD-ONE");
  }

  @Test
  @DisplayName("Chains with the longest names stay apart (services 47)")
  void longNames() throws Exception {
    String a = "FAIRLEAD-SVC-" + "A".repeat(XtablesKernel.MAX_CHAIN_NAME - 13);
    String b = a.substring(0, a.length() - 1) + "B";
    commit(
        IPV4,
        NAT,
        XtablesChange.ofChains(
            Map.of(a, List.of(IptablesRule.of(new Target.Accept())), b, List.of(jump(a)))));
    assertThat(save(IPV4, NAT)).contains("-A " + a + " -j ACCEPT", "-A " + b + " -j " + a);
    assertThat(xtables.read(IPV4, NAT).chains()).containsOnlyKeys(a, b);
  }

  @Test
  void cleanupOfNothingIsNothing() throws Exception {
    xtables.cleanup();
    assertThat(namespace.run("nft", "list", "ruleset")).isEmpty();
    assertThat(LegacyXtables.tables(place, IPV4)).isEmpty();
    assertThat(LegacyXtables.tables(place, IPV6)).isEmpty();
  }

  @Test
  @DisplayName("Packets are translated, marked and masqueraded")
  void packets() throws Exception {
    try (PacketLab lab = PacketLab.create(namespace)) {
      assertThat(lab.ask()).as("before").isNull();
      commit(IPV4, NAT, PacketLab.services());
      assertThat(lab.ask()).isEqualTo("10.244.1.1");
      commit(IPV4, NAT, PacketLab.withoutMark());
      assertThat(lab.ask()).isEqualTo("192.0.2.2");
      long packets =
          xtables.read(IPV4, NAT).chains().values().stream()
              .flatMap(List::stream)
              .mapToLong(XtablesSnapshot.HeldRule::packets)
              .sum();
      assertThat(packets).isPositive();
      xtables.cleanup();
      assertThat(lab.ask()).as("after").isNull();
    }
  }
}
