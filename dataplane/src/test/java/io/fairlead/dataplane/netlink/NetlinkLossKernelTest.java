package io.fairlead.dataplane.netlink;

import static io.fairlead.dataplane.netlink.NetlinkConstants.NETLINK_ROUTE;
import static io.fairlead.dataplane.netlink.NetlinkConstants.NLM_F_CREATE;
import static io.fairlead.dataplane.netlink.NetlinkConstants.NLM_F_EXCL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fairlead.dataplane.sys.Errno;
import io.fairlead.dataplane.testing.OpenDescriptors;
import io.fairlead.dataplane.testing.TestNamespace;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What happens when the kernel cannot say all it wants to, or its objects move under a dump. */
class NetlinkLossKernelTest {

  private static final int RTM_NEWLINK = 16;
  private static final int RTM_GETLINK = 18;
  private static final int RTM_NEWADDR = 20;
  private static final int RTM_GETADDR = 22;
  private static final int RTNLGRP_LINK = 1;
  private static final int IFLA_IFNAME = 3;
  private static final int IFLA_LINKINFO = 18;
  private static final int IFLA_INFO_KIND = 1;
  private static final int IFA_LOCAL = 2;
  private static final int LINK_HEADER = 16;
  private static final int ADDRESS_HEADER = 8;
  private static final int LOOPBACK = 1;

  /** More than one datagram of a dump holds. */
  private static final int LINKS = 80;

  private final OpenDescriptors descriptors = OpenDescriptors.now();
  private TestNamespace namespace;
  private NetlinkSocket socket;
  private NetlinkSocket other;

  @BeforeEach
  void open() throws Exception {
    namespace = TestNamespace.create("netlink-loss");
    socket = namespace.call(() -> NetlinkSocket.open(NETLINK_ROUTE));
    other = namespace.call(() -> NetlinkSocket.open(NETLINK_ROUTE));
  }

  @AfterEach
  void close() {
    socket.close();
    other.close();
    namespace.close();
    descriptors.assertNoneAdded();
  }

  private static void addBridge(NetlinkSocket socket, String name) throws IOException {
    socket.request(
        "add bridge " + name,
        RTM_NEWLINK,
        NLM_F_CREATE | NLM_F_EXCL,
        writer -> {
          writer.zeros(LINK_HEADER).attributeString(IFLA_IFNAME, name);
          int info = writer.beginNested(IFLA_LINKINFO);
          writer.attributeString(IFLA_INFO_KIND, "bridge").endAttribute(info);
        });
  }

  private static String nameOf(NetlinkMessage message) {
    AttributeReader attributes = message.attributes(LINK_HEADER);
    while (attributes.next()) {
      if (attributes.type() == IFLA_IFNAME) {
        return attributes.string();
      }
    }
    return "";
  }

  private List<String> linkNames(NetlinkSocket.Decoder<String> decoder) throws IOException {
    return socket.dump("list links", RTM_GETLINK, writer -> writer.zeros(LINK_HEADER), decoder);
  }

  private NetlinkBatch addresses(int count) {
    NetlinkBatch batch = socket.batch();
    for (int i = 0; i < count; i++) {
      int address = 0x0a000000 + i;
      batch.add(
          "add address " + i,
          RTM_NEWADDR,
          NLM_F_CREATE | NLM_F_EXCL,
          writer -> writer.u8(2).u8(32).u16(0).u32(LOOPBACK).attributeU32Be(IFA_LOCAL, address));
    }
    return batch;
  }

  private long addressesInKernel() throws IOException {
    return other
        .dump(
            "list addresses",
            RTM_GETADDR,
            writer -> writer.u8(2).zeros(ADDRESS_HEADER - 1),
            NetlinkMessage::type)
        .stream()
        .filter(type -> type == RTM_NEWADDR)
        .count();
  }

  @Test
  @DisplayName("acknowledgements that did not fit are told apart from refusals (faults 12)")
  void lostAcknowledgementsOfABatch() throws Exception {
    socket.receiveBuffer(2048);
    assertThatExceptionOfType(NetlinkException.class)
        .isThrownBy(() -> addresses(400).execute())
        .matches(NetlinkException::isLost)
        .withMessageContaining("of 400 requests");
    // The kernel did all of it nevertheless: 400 and 127.0.0.1.
    assertThat(addressesInKernel()).isEqualTo(401);
    // And the socket goes on, past what is left of the exchange.
    socket.receiveBuffer(1 << 20);
    assertThat(addresses(400).execute()).hasSize(400).allMatch(f -> f.cause().isExisting());
  }

  @Test
  void oneLostAnswerIsAnErrorAndNoHang() throws Exception {
    socket.receiveBuffer(1);
    // The kernel rounds the buffer up; acknowledgements fill it until none fits.
    MessageWriter writer = new MessageWriter();
    for (int i = 0; i < 100; i++) {
      writer.begin(RTM_NEWADDR, 5, socket.nextSequence()).zeros(ADDRESS_HEADER).end();
    }
    socket.send(writer);
    assertThatExceptionOfType(NetlinkException.class)
        .isThrownBy(() -> addBridge(socket, "br0"))
        .matches(NetlinkException::isLost)
        .withMessageStartingWith("add bridge br0: ENOBUFS");
    assertThat(linkNames(NetlinkLossKernelTest::nameOf)).contains("br0");
  }

  @Test
  @DisplayName("a dump that changes under the reader is read again (faults 10, services 46)")
  void anInterruptedDumpStartsOver() throws Exception {
    for (int i = 0; i < LINKS; i++) {
      addBridge(socket, "br" + i);
    }
    AtomicInteger seen = new AtomicInteger();
    List<String> names =
        linkNames(message -> {
          if (seen.getAndIncrement() == 0) {
            addBridge(other, "late");
          }
          return nameOf(message);
        });
    assertThat(names).hasSize(LINKS + 2).contains("late").doesNotHaveDuplicates();
    assertThat(seen.get()).as("messages of two dumps").isGreaterThan(LINKS + 2);
  }

  @Test
  @DisplayName("a dump that never comes to rest is given up with a sentence (faults 10)")
  void aDumpThatIsAlwaysInterruptedIsGivenUp() throws Exception {
    for (int i = 0; i < LINKS; i++) {
      addBridge(socket, "br" + i);
    }
    AtomicInteger added = new AtomicInteger();
    assertThatExceptionOfType(NetlinkException.class)
        .isThrownBy(() ->
            linkNames(message -> {
              String name = nameOf(message);
              if (name.equals("lo")) {
                addBridge(other, "late" + added.incrementAndGet());
              }
              return name;
            }))
        .withMessage(
            "list links: EINTR (interrupted); the kernel says: the objects changed during each of"
                + " 20 dumps")
        .matches(e -> e.errno() == Errno.EINTR);
    assertThat(added).hasValue(20);
    assertThat(linkNames(NetlinkLossKernelTest::nameOf)).hasSize(LINKS + 21);
  }

  @Test
  void aDecoderThatThrowsLeavesTheSocketUsable() throws Exception {
    for (int i = 0; i < LINKS; i++) {
      addBridge(socket, "br" + i);
    }
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() ->
            linkNames(_ -> {
              throw new IllegalStateException("a decoder's fault");
            }));
    assertThat(linkNames(NetlinkLossKernelTest::nameOf)).hasSize(LINKS + 1);
  }

  @Test
  @DisplayName("events that were dropped are told to the listener (faults 11)")
  void aMonitorThatFallsBehindIsTold() throws Exception {
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch flooded = new CountDownLatch(1);
    CountDownLatch overrun = new CountDownLatch(1);
    NetlinkMonitor.Listener listener =
        new NetlinkMonitor.Listener() {
          @Override
          public void message(NetlinkMessage message) throws IOException {
            first.countDown();
            try {
              if (!flooded.await(10, TimeUnit.SECONDS)) {
                throw new IOException("the flood did not end");
              }
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }

          @Override
          public void overrun() {
            overrun.countDown();
          }

          @Override
          public void problem(IOException cause) {
            throw new AssertionError(cause);
          }
        };
    try (NetlinkMonitor _ =
        namespace.call(
            () -> NetlinkMonitor.start("slow", NETLINK_ROUTE, 4096, listener, RTNLGRP_LINK))) {
      addBridge(socket, "first");
      assertThat(first.await(5, TimeUnit.SECONDS)).isTrue();
      for (int i = 0; i < 50; i++) {
        addBridge(socket, "br" + i);
      }
      flooded.countDown();
      assertThat(overrun.await(5, TimeUnit.SECONDS)).isTrue();
    }
  }
}
