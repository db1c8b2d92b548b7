package io.fairlead.dataplane.netlink;

import static io.fairlead.dataplane.netlink.NetlinkConstants.NETLINK_ROUTE;
import static io.fairlead.dataplane.netlink.NetlinkConstants.NLM_F_CREATE;
import static io.fairlead.dataplane.netlink.NetlinkConstants.NLM_F_EXCL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fairlead.dataplane.testing.OpenDescriptors;
import io.fairlead.dataplane.testing.TestNamespace;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NetlinkSocketKernelTest {

  private static final int RTM_NEWLINK = 16;
  private static final int RTM_DELLINK = 17;
  private static final int RTM_GETLINK = 18;
  private static final int RTNLGRP_LINK = 1;
  private static final int IFLA_IFNAME = 3;
  private static final int IFLA_LINKINFO = 18;
  private static final int IFLA_INFO_KIND = 1;
  private static final int LINK_HEADER = 16;

  private final OpenDescriptors descriptors = OpenDescriptors.now();
  private TestNamespace namespace;
  private NetlinkSocket socket;

  @BeforeEach
  void open() throws Exception {
    namespace = TestNamespace.create("netlink-test");
    socket = namespace.call(() -> NetlinkSocket.open(NETLINK_ROUTE));
  }

  @AfterEach
  void close() {
    socket.close();
    namespace.close();
    descriptors.assertNoneAdded();
  }

  private static void bridge(MessageWriter writer, String name) {
    writer.zeros(LINK_HEADER).attributeString(IFLA_IFNAME, name);
    int info = writer.beginNested(IFLA_LINKINFO);
    writer.attributeString(IFLA_INFO_KIND, "bridge").endAttribute(info);
  }

  private List<String> linkNames() throws Exception {
    return socket.dump(
        "list links",
        RTM_GETLINK,
        writer -> writer.zeros(LINK_HEADER),
        message -> {
          AttributeReader attributes = message.attributes(LINK_HEADER);
          while (attributes.next()) {
            if (attributes.type() == IFLA_IFNAME) {
              return attributes.string();
            }
          }
          return null;
        });
  }

  @Test
  void aRequestIsAcknowledgedAndADumpSeesItsEffect() throws Exception {
    socket.request(
        "add bridge br0", RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, writer -> bridge(writer, "br0"));
    assertThat(linkNames()).contains("lo", "br0");
    assertThat(namespace.run("ip", "-br", "link")).contains("br0");
  }

  @Test
  void aRefusalCarriesErrnoAndTheKernelsOwnWords() throws Exception {
    socket.request("add br0", RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, w -> bridge(w, "br0"));
    assertThatExceptionOfType(NetlinkException.class)
        .isThrownBy(() ->
            socket.request(
                "add br0", RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, w -> bridge(w, "br0")))
        .matches(NetlinkException::isExisting)
        .withMessageStartingWith("add br0: EEXIST");
    assertThatExceptionOfType(NetlinkException.class)
        .isThrownBy(() ->
            socket.request(
                "add a name too long",
                RTM_NEWLINK,
                NLM_F_CREATE,
                w -> bridge(w, "a-name-beyond-fifteen-bytes")))
        .matches(e -> !e.kernelText().isEmpty(), "has the kernel's text");
  }

  @Test
  void aBatchReportsEachFailureAndDoesTheRest() throws Exception {
    NetlinkBatch batch = socket.batch();
    for (int i = 0; i < 50; i++) {
      String name = "br" + i % 25;
      batch.add(
          "add " + name, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, writer -> bridge(writer, name));
    }
    List<NetlinkBatch.Failure> failures = batch.execute();
    assertThat(failures).hasSize(25).allMatch(failure -> failure.cause().isExisting());
    assertThat(failures.getFirst().index()).isEqualTo(25);
    assertThat(failures.getFirst().cause().operation()).isEqualTo("add br0");
    assertThat(linkNames()).hasSize(26);
  }

  @Test
  void aBatchLargerThanOneSendIsAcknowledgedWhole() throws Exception {
    NetlinkBatch batch = socket.batch();
    for (int i = 0; i < 2500; i++) {
      batch.add(
          "delete nothing",
          RTM_DELLINK,
          0,
          writer -> writer.zeros(LINK_HEADER).attributeString(IFLA_IFNAME, "nothing"));
    }
    assertThat(batch.execute()).hasSize(2500).allMatch(failure -> failure.cause().isNotFound());
    assertThat(linkNames()).containsExactly("lo");
  }

  @Test
  void aMonitorDeliversEventsAndEndsWhenClosed() throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    NetlinkMonitor.Listener listener =
        new NetlinkMonitor.Listener() {
          @Override
          public void message(NetlinkMessage message) {
            if (message.type() == RTM_NEWLINK) {
              seen.countDown();
            }
          }

          @Override
          public void overrun() {}

          @Override
          public void problem(java.io.IOException cause) {}
        };
    try (NetlinkMonitor _ =
        namespace.call(
            () -> NetlinkMonitor.start("monitor", NETLINK_ROUTE, listener, RTNLGRP_LINK))) {
      namespace.run("ip", "link", "add", "br0", "type", "bridge");
      assertThat(seen.await(5, TimeUnit.SECONDS)).isTrue();
    }
  }
}
