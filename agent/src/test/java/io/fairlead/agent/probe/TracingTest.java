package io.fairlead.agent.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.netlink.nftables.TableName;
import io.fairlead.dataplane.netlink.nftables.TraceEvent;
import io.fairlead.dataplane.netlink.nftables.TraceEvent.Kind;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TracingTest {

  private static final TableName PROBE = TableName.inet("fairlead-probe-1");

  /** "probe.output 7 rule" or "other.chain 7 rule 5 accept". */
  private static TraceEvent event(String text) {
    String[] words = text.split(" ", -1);
    String table = words[0].substring(0, words[0].indexOf('.'));
    return new TraceEvent(
        Integer.parseInt(words[1]),
        Kind.valueOf(words[2]),
        table.equals("probe") ? PROBE : TableName.inet(table),
        words[0].substring(table.length() + 1),
        Long.parseLong(words[3]),
        words[4],
        0,
        0,
        0,
        Bytes.EMPTY,
        Bytes.EMPTY);
  }

  private static String steps(String... events) {
    List<TraceEvent> steps =
        Tracing.ofFirstPacket(Stream.of(events).map(TracingTest::event).toList(), PROBE);
    return steps.stream().map(each -> each.chain() + each.rule()).toList().toString();
  }

  @Test
  void onlyTheFirstPacketCounts() {
    assertThat(
            steps(
                "other.a 3 RULE 9 accept",
                "probe.prerouting 7 RULE 1 continue",
                "probe.prerouting 7 RULE 0 continue",
                "probe.prerouting 7 POLICY 0 accept",
                "other.a 7 RULE 1 continue",
                "other.b 3 RULE 9 accept",
                "other.a 7 RULE 0 continue",
                "other.a 7 POLICY 0 accept",
                "probe.prerouting 7 RULE 1 continue",
                "other.a 7 RULE 1 continue"))
        .isEqualTo("[a1, a0]");
  }

  @Test
  void whatComesBackThroughTheLoopbackDeviceIsTheSame() {
    assertThat(
            steps(
                "probe.output 7 RULE 1 continue",
                "other.a 7 RULE 1 continue",
                "probe.prerouting 7 RULE 1 continue",
                "other.b 7 RULE 2 accept"))
        .isEqualTo("[a1, b2]");
    assertThat(steps("other.a 7 RULE 1 continue")).isEqualTo("[]");
  }
}
