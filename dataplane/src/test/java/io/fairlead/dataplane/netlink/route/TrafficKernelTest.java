package io.fairlead.dataplane.netlink.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.netlink.route.RouteOperation.AddIngress;
import io.fairlead.dataplane.netlink.route.RouteOperation.AddLink;
import io.fairlead.dataplane.netlink.route.RouteOperation.AddRedirect;
import io.fairlead.dataplane.netlink.route.RouteOperation.AddVethPair;
import io.fairlead.dataplane.netlink.route.RouteOperation.DeleteIngress;
import io.fairlead.dataplane.netlink.route.RouteOperation.SetTokenBucket;
import io.fairlead.dataplane.sys.Errno;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Traffic control on a kernel, which is the last word on what the messages mean. */
class TrafficKernelTest extends RouteKernelTestBase {

  private static final LinkSettings UP = LinkSettings.NONE.withUp(true);

  private TokenBucket bucketOf(int link) throws Exception {
    return kernel.queueDisciplines().stream()
        .filter(queue -> queue.linkIndex() == link && queue.root())
        .map(QueueDiscipline::bucket)
        .filter(Objects::nonNull)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void tokenBucketsAreSetChangedAndRead() throws Exception {
    kernel.applyAll(new AddVethPair("a", UP, "b", LinkSettings.NONE));
    int a = link("a").index();
    for (long rate : List.of(125_000L, 1L, 12_500_000L, 12_500_000_000L)) {
      TokenBucket wanted = new TokenBucket(rate, 32_000, 40_000);
      kernel.applyAll(new SetTokenBucket(a, wanted));
      assertThat(bucketOf(a).rate()).isEqualTo(rate);
      assertThat(bucketOf(a).limit()).isEqualTo(40_000);
    }
    kernel.applyAll(new SetTokenBucket(a, new TokenBucket(125_000, 32_000, 40_000)));
    assertThat(bucketOf(a).burst()).isCloseTo(32_000, within(10));
    assertThat(namespace.run("tc", "qdisc", "show", "dev", "a"))
        .contains("tbf", "root", "rate 1Mbit", "burst 32000b");
  }

  @Test
  @DisplayName("what a link receives goes through an intermediate device and comes back")
  void redirection() throws Exception {
    kernel.applyAll(
        new AddVethPair("a", UP, "b", LinkSettings.NONE),
        new AddLink("ifb-a", new LinkKind.Other("ifb"), UP));
    int a = link("a").index();
    int device = link("ifb-a").index();
    kernel.applyAll(new AddIngress(a), new AddRedirect(a, device));
    assertThat(kernel.queueDisciplines()).contains(new QueueDiscipline(a, false, "ingress", null));
    assertThat(namespace.run("tc", "filter", "show", "dev", "a", "ingress"))
        .contains("match 00000000/00000000", "Egress Redirect to device ifb-a) stolen");
    assertThat(kernel.apply(List.of(new AddIngress(a))))
        .extracting(RouteKernel.Failure::cause)
        .extracting(NetlinkException::errno)
        .containsExactly(Errno.EEXIST);
    kernel.applyAll(new DeleteIngress(a));
    assertThat(namespace.run("tc", "filter", "show", "dev", "a", "ingress")).isEmpty();
    assertThat(kernel.apply(List.of(new DeleteIngress(a)))).hasSize(1);
  }
}
