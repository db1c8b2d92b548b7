package io.fairlead.dataplane.policy.conntrack;

import static io.fairlead.dataplane.policy.conntrack.Entries.bare;
import static io.fairlead.dataplane.policy.conntrack.Entries.ping;
import static io.fairlead.dataplane.policy.conntrack.Entries.plain;
import static io.fairlead.dataplane.policy.conntrack.Entries.service;
import static io.fairlead.dataplane.policy.conntrack.Entries.tcp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.conntrack.ConntrackEntry;
import io.fairlead.dataplane.netlink.conntrack.ConntrackFilter;
import io.fairlead.dataplane.netlink.conntrack.ConntrackStatus;
import io.fairlead.dataplane.netlink.conntrack.ConntrackTuple;
import io.fairlead.dataplane.netlink.conntrack.ConntrackZone;
import io.fairlead.dataplane.netlink.conntrack.FakeConntrack;
import io.fairlead.dataplane.policy.Flow;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CutPassTest {

  private static final String POD = "10.244.1.2";
  private static final String OTHER = "10.244.1.3";
  private static final String NODE = "192.168.88.11";

  private final FakeConntrack kernel = new FakeConntrack();
  private final FakeAnswers answers = new FakeAnswers();
  private final List<Set<Flow>> portions = new ArrayList<>();
  private boolean crowded;

  private static Set<IpAddress> addresses(String... texts) {
    return Arrays.stream(texts).map(IpAddress::parse).collect(Collectors.toSet());
  }

  private CutPass pass(Predicate<Flow> denied, String... about) {
    return new CutPass(
        crowded ? new FakeCrowd(kernel) : kernel,
        flows -> {
          portions.add(flows);
          return CompletableFuture.completedFuture(
              flows.stream().filter(denied).collect(Collectors.toSet()));
        },
        answers,
        addresses(NODE),
        addresses(about));
  }

  private static Flow flow(String from, String to, int protocol, int port) {
    Flow.Origin origin = from.equals(NODE) ? Flow.Origin.OWN_NODE : Flow.Origin.NETWORK;
    return new Flow(origin, IpAddress.parse(from), IpAddress.parse(to), protocol, port);
  }

  private Set<Flow> judged(ConntrackEntry entry, String... about) throws IOException {
    portions.clear();
    kernel.add(entry);
    assertThat(pass(_ -> true, about).run()).isEqualTo(1);
    return portions.getFirst();
  }

  @Test
  @DisplayName("a flow is from who began it to who answers, whatever was translated (policy 6)")
  void flows() throws IOException {
    assertThat(judged(tcp(OTHER, 40000, POD, 80), POD)).containsExactly(flow(OTHER, POD, 6, 80));
    assertThat(judged(service(OTHER, "10.96.0.1", POD, NODE), POD))
        .containsExactly(flow(OTHER, POD, 6, 8080));
    assertThat(judged(service(NODE, "10.96.0.1", POD, NODE), POD))
        .containsExactly(flow(NODE, POD, 6, 8080));
    assertThat(judged(plain(132, POD, 5, OTHER, 7), POD)).containsExactly(flow(POD, OTHER, 132, 7));
    assertThat(judged(ping(POD, NODE), POD)).containsExactly(flow(POD, NODE, 1, Flow.NO_PORT));
    assertThat(judged(bare(50, POD, OTHER), POD))
        .containsExactly(flow(POD, OTHER, 50, Flow.NO_PORT));
    assertThat(judged(plain(47, POD, 1, OTHER, 2), POD))
        .as("keys of GRE are no ports")
        .containsExactly(flow(POD, OTHER, 47, Flow.NO_PORT));
    assertThat(judged(tcp("fd00:244::2", 1, "fd00:9::1", 443), "fd00:244::2"))
        .containsExactly(flow("fd00:244::2", "fd00:9::1", 6, 443));
  }

  @Test
  @DisplayName("an address counts that begins or answers, not one that is translated")
  void ends() throws IOException {
    ends(false);
    ends(true);
  }

  private void ends(boolean amongMany) throws IOException {
    crowded = amongMany;
    ConntrackEntry entry = service("10.1.0.1", "10.1.0.2", "10.1.0.3", "10.1.0.4");
    for (String end : List.of("10.1.0.1", "10.1.0.3")) {
      for (String[] about : new String[][] {{end}, {end, "10.9.9.9"}, {end, "fd00::1"}}) {
        kernel.add(entry);
        assertThat(pass(_ -> true, about).run()).as("%s", List.of(about)).isEqualTo(1);
      }
    }
    kernel.add(entry);
    assertThat(pass(_ -> true, "10.1.0.2", "10.1.0.4").run()).isZero();
    assertThat(pass(_ -> true, "10.1.0.2").run()).isZero();
    assertThat(pass(_ -> true, "fd00::1", "fd00::2").run()).isZero();
  }

  @Test
  @DisplayName("the kernel walks through its table once for few entries, and not at all for none")
  void walks() {
    InvolvedEntries involved = InvolvedEntries.of(addresses(POD, "fd00::1"));
    assertThat(involved.filters(0)).isEmpty();
    assertThat(involved.filters(InvolvedEntries.FEW)).containsExactly(ConntrackFilter.ALL);
    assertThat(involved.filters(InvolvedEntries.FEW + 1))
        .hasSize(3)
        .doesNotContain(ConntrackFilter.ALL);
  }

  @Test
  @DisplayName("exactly the denied are deleted")
  void exactly() throws IOException {
    kernel.add(tcp(OTHER, 40000, POD, 80)).add(tcp(OTHER, 40001, POD, 443));
    kernel.add(tcp(OTHER, 40002, POD, 80)).add(tcp(OTHER, 40000, NODE, 80));
    CutPass pass = pass(flow -> flow.destinationPort() == 80, POD, "fd00:244::2");
    assertThat(pass.run()).isEqualTo(2);
    assertThat(pass.judged()).isEqualTo(3);
    assertThat(portions)
        .as("equal flows are judged once")
        .containsExactly(Set.of(flow(OTHER, POD, 6, 80), flow(OTHER, POD, 6, 443)));
    assertThat(kernel.toString()).contains(":40001 -> ", OTHER + ":40000 -> " + NODE);
    assertThat(kernel.count()).isEqualTo(2);
  }

  @Test
  @DisplayName("other zones, and what a helper expected, are left alone")
  void left() throws IOException {
    int confirmed = ConntrackStatus.CONFIRMED.mask();
    ConntrackEntry entry = tcp(OTHER, 40000, POD, 80);
    for (ConntrackZone.Direction direction : ConntrackZone.Direction.values()) {
      kernel.add(Entries.with(entry, new ConntrackZone(5, direction), confirmed));
    }
    kernel.add(
        Entries.with(
            tcp(OTHER, 20, POD, 45000),
            ConntrackZone.DEFAULT,
            confirmed | ConntrackStatus.EXPECTED.mask()));
    assertThat(pass(_ -> true, POD, OTHER).run()).isZero();
    assertThat(portions).isEmpty();
    assertThat(kernel.count()).isEqualTo(4);
  }

  @Test
  @DisplayName("answers of what is cut are refused before, as they are on their way back")
  void answers() throws IOException {
    kernel.add(Entries.tcp(OTHER, 40000, POD, 80));
    kernel.add(Entries.plain(17, POD, 40000, OTHER, 53));
    kernel.add(Entries.service(OTHER, "10.96.0.10", POD, OTHER));
    kernel.add(Entries.service(OTHER, "10.96.0.11", POD, NODE));
    kernel.add(Entries.ping(OTHER, POD));
    assertThat(pass(flow -> flow.protocol() != 6, POD).run()).isEqualTo(2);
    assertThat(answers.refused)
        .extracting(ConntrackTuple::toString)
        .containsExactly("10.244.1.3:53 -> 10.244.1.2:40000");
    assertThat(pass(_ -> true, POD).run()).isEqualTo(3);
    assertThat(answers.refused)
        .as("masqueraded and without ports: none")
        .hasSize(3)
        .allMatch(answer -> !answer.destination().equals(IpAddress.parse(NODE)));
  }

  @Test
  @DisplayName("no room for answers: connections are cut all the same, and it is told (faults 24)")
  void noRoom() {
    kernel.add(Entries.tcp(OTHER, 40000, POD, 80));
    answers.full = true;
    assertThatThrownBy(() -> pass(_ -> true, POD).run())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("begin them anew")
        .hasMessageContaining("no room");
    assertThat(kernel.count()).isZero();
  }

  @Test
  @DisplayName(
      "while somebody else has removed the policies nothing is cut: its server would begin it anew"
          + " (faults 18)")
  void notEnforced() throws IOException {
    kernel.add(Entries.plain(17, OTHER, 40000, POD, 53));
    answers.gone = true;
    assertThatThrownBy(() -> pass(_ -> true, POD).run()).isInstanceOf(NotEnforcedException.class);
    assertThat(kernel.count()).isEqualTo(1);
    answers.gone = false;
    assertThat(pass(_ -> true, POD).run()).isEqualTo(1);
    assertThat(answers.refused).hasSize(1);
  }

  @Test
  @DisplayName("answers pass again when their flows are allowed, portion by portion")
  void lifted() throws IOException {
    List<ConntrackTuple> refused = new ArrayList<>();
    for (int i = 0; i < 2500; i++) {
      refused.add(Entries.plain(17, OTHER, 10_000 + i, POD, 53 + i % 2).reply());
    }
    answers.refuse(refused);
    FlowJudge judge =
        flows -> {
          portions.add(flows);
          return CompletableFuture.completedFuture(
              flows.stream()
                  .filter(flow -> flow.destinationPort() == 53)
                  .collect(Collectors.toSet()));
        };
    assertThat(LiftPass.run(answers, judge, addresses(NODE))).isTrue();
    assertThat(answers.refused).hasSize(1250);
    assertThat(portions).hasSize(3).allMatch(flows -> flows.contains(flow(OTHER, POD, 17, 53)));
    FlowJudge lenient = _ -> CompletableFuture.completedFuture(Set.of());
    assertThat(LiftPass.run(answers, lenient, addresses(NODE))).isFalse();
    assertThat(answers.refused).isEmpty();
  }

  @Test
  @DisplayName("thousands are judged in portions and deleted in parts")
  void portions() throws IOException {
    int many = CutPass.MOST_AT_ONCE * 2 + 10;
    FakeManyConnections table = new FakeManyConnections(many);
    CutPass pass =
        new CutPass(
            table,
            flows -> {
              portions.add(flows);
              return CompletableFuture.completedFuture(
                  flows.stream()
                      .filter(flow -> flow.destinationPort() == FakeManyConnections.DENIED)
                      .collect(Collectors.toSet()));
            },
            answers,
            Set.of(),
            addresses(FakeManyConnections.POD, "10.244.1.99"));
    assertThat(pass.run()).isEqualTo(many);
    assertThat(table.left()).as("the allowed ones").isEqualTo(many);
    assertThat(portions).allMatch(flows -> flows.size() <= Judgements.PORTION);
  }
}
