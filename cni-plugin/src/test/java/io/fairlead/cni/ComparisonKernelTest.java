package io.fairlead.cni;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.evidence.Difference;
import io.fairlead.dataplane.evidence.Difference.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What differs at the bridge and its ports is told, and nothing is changed. */
class ComparisonKernelTest extends CniServiceKernelTestBase {

  private List<Difference> compare() throws Exception {
    String before = links();
    List<Difference> differences = service.compare().differences();
    assertThat(links()).isEqualTo(before);
    return differences;
  }

  /** Without what the kernel changes by itself: who has a carrier. */
  private String links() {
    return host.run("ip", "addr").replaceAll("<[^>]*>|state [A-Z]+|tentative", "");
  }

  @Test
  void bridgeAndPorts() throws Exception {
    assertThat(compare()).isEmpty();
    assertDone(add("a"));
    assertThat(compare()).isEmpty();
    assertThat(service.compare().right()).containsEntry("links", 2).containsKey("addresses");
    host.run("ip", "link", "set", "fairlead0", "mtu", "1300");
    host.run("ip", "addr", "del", "10.1.0.1/24", "dev", "fairlead0");
    assertThat(compare())
        .extracting(Difference::kind, Difference::place)
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple(Kind.DIFFERENT, "links"),
            org.assertj.core.groups.Tuple.tuple(Kind.MISSING, "addresses of fairlead0"));
    configure("10.1.0.0/24", "fd00:1::/64");
    assertThat(compare()).isEmpty();
  }

  @Test
  void aBridgeThatIsGone() throws Exception {
    host.run("ip", "link", "del", "fairlead0");
    assertThat(compare())
        .isNotEmpty()
        .allSatisfy(one -> assertThat(one.kind()).isEqualTo(Kind.MISSING))
        .anySatisfy(one -> assertThat(one.wanted()).startsWith("fairlead0 "));
  }

  @Test
  void aLinkThatIsGone() throws Exception {
    assertDone(add("a"));
    String link = service.attachments().getFirst().hostInterface();
    host.run("ip", "link", "del", link);
    assertThat(compare())
        .singleElement()
        .satisfies(one -> assertThat(one.kind()).isEqualTo(Kind.MISSING))
        .satisfies(one -> assertThat(one.wanted()).startsWith(link));
  }
}
