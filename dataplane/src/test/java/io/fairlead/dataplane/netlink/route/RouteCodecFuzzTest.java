package io.fairlead.dataplane.netlink.route;

import static io.fairlead.dataplane.netlink.route.RouteConstants.RTM_NEWADDR;
import static io.fairlead.dataplane.netlink.route.RouteConstants.RTM_NEWLINK;
import static io.fairlead.dataplane.netlink.route.RouteConstants.RTM_NEWNEIGH;
import static io.fairlead.dataplane.netlink.route.RouteConstants.RTM_NEWQDISC;
import static io.fairlead.dataplane.netlink.route.RouteConstants.RTM_NEWROUTE;
import static io.fairlead.dataplane.netlink.route.RouteConstants.RTM_NEWRULE;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.netlink.MalformedMessageException;
import io.fairlead.dataplane.netlink.MessageWriter;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import io.fairlead.dataplane.testing.Seed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RouteCodecFuzzTest {

  private static final int ROUNDS = 20_000;

  private final RandomGenerator random = Seed.generator("RouteCodecFuzzTest");

  @Test
  void whatIsWrittenIsReadBackAlike() throws Exception {
    for (int i = 0; i < ROUNDS; i++) {
      RouteObject object = randomObject();
      byte[] bytes = encode(object);
      RouteEvent event = RouteMonitor.decode(NetlinkMessage.parse(bytes));
      assertThat(event).isEqualTo(new RouteEvent.Changed(object));
      RouteObject decoded = ((RouteEvent.Changed) java.util.Objects.requireNonNull(event)).object();
      assertThat(encode(decoded)).isEqualTo(bytes);
    }
  }

  @Test
  void bridgePortsAreReadBackAlike() throws Exception {
    for (int i = 0; i < 200; i++) {
      BridgePort port = new BridgePort(random.nextInt(), random.nextInt(), portSettings());
      MessageWriter writer = new MessageWriter();
      writer.begin(RTM_NEWLINK, 0, 1);
      BridgePortCodec.writePort(writer, port);
      writer.end();
      NetlinkMessage message = NetlinkMessage.parse(writer.toBytes());
      assertThat(BridgePortCodec.decode(message)).isEqualTo(port);
      assertThat(LinkCodec.decode(message)).isNull();
    }
  }

  @Test
  void queueDisciplinesAreReadBackAlike() throws Exception {
    for (int i = 0; i < 2000; i++) {
      // A burst comes back rounded to the kernel's ticks of 64 ns, so it is made of whole ones.
      long rate = 15_625_000L * random.nextInt(1, 1000);
      int burst = (int) (rate / 15_625_000) * random.nextInt(1, 100_000);
      TokenBucket bucket = new TokenBucket(rate, burst, random.nextInt(1, Integer.MAX_VALUE));
      QueueDiscipline discipline =
          random.nextBoolean()
              ? new QueueDiscipline(random.nextInt(), true, "tbf", bucket)
              : new QueueDiscipline(random.nextInt(), false, "ingress", null);
      byte[] bytes = encode(discipline);
      assertThat(TrafficCodec.decode(NetlinkMessage.parse(bytes))).isEqualTo(discipline);
      for (int length = 16; length < bytes.length; length++) {
        byte[] cut = Arrays.copyOf(bytes, length);
        ByteBuffer.wrap(cut).order(ByteOrder.nativeOrder()).putInt(0, length);
        NetlinkMessage message = NetlinkMessage.parse(cut);
        assertThat(TrafficCodec.decode(message)).isNotEqualTo(discipline);
      }
    }
  }

  private static byte[] encode(QueueDiscipline discipline) {
    MessageWriter writer = new MessageWriter();
    writer.begin(RTM_NEWQDISC, 0, 1);
    TrafficCodec.writeDiscipline(writer, discipline);
    writer.end();
    return writer.toBytes();
  }

  @Test
  void damagedMessagesAreRefusedAndNeverMore() {
    int refused = 0;
    for (int i = 0; i < ROUNDS; i++) {
      byte[] bytes = damaged(encode(randomObject()));
      try {
        RouteMonitor.decode(NetlinkMessage.parse(bytes));
        BridgePortCodec.decode(NetlinkMessage.parse(bytes));
      } catch (MalformedMessageException e) {
        refused++;
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
    assertThat(refused).isBetween(ROUNDS / 10, ROUNDS - 1);
  }

  @Test
  void randomBytesAreRefusedAndNeverMore() {
    int[] types = {RTM_NEWLINK, RTM_NEWADDR, RTM_NEWROUTE, RTM_NEWRULE, RTM_NEWNEIGH};
    for (int i = 0; i < ROUNDS; i++) {
      byte[] bytes = new byte[16 + random.nextInt(120)];
      random.nextBytes(bytes);
      writeHeader(bytes, types[random.nextInt(types.length)]);
      try {
        RouteMonitor.decode(NetlinkMessage.parse(bytes));
      } catch (MalformedMessageException e) {
        assertThat(e.getMessage()).isNotEmpty();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** A header with the right length and type, and mostly a family that goes deeper. */
  private void writeHeader(byte[] bytes, int type) {
    bytes[0] = (byte) bytes.length;
    bytes[1] = bytes[2] = bytes[3] = 0;
    bytes[4] = (byte) type;
    bytes[5] = 0;
    if (bytes.length > 16 && random.nextInt(4) > 0) {
      bytes[16] = new byte[] {0, 2, 7, 10}[random.nextInt(4)];
    }
  }

  private byte[] damaged(byte[] bytes) {
    byte[] copy = bytes.clone();
    for (int i = 0; i <= random.nextInt(4); i++) {
      copy[random.nextInt(6, copy.length)] = (byte) random.nextInt(256);
    }
    if (random.nextBoolean()) {
      copy = Arrays.copyOf(copy, random.nextInt(16, copy.length + 1));
      if (random.nextBoolean()) {
        copy[0] = (byte) copy.length;
      }
    }
    return copy;
  }

  private static byte[] encode(RouteObject object) {
    MessageWriter writer = new MessageWriter();
    if (object instanceof Link link) {
      writer.begin(RTM_NEWLINK, 0, 1);
      LinkCodec.writeLink(writer, link);
    } else if (object instanceof RouteEntry entry) {
      RouteRequest request = RouteRequest.of(new RouteOperation.Add(entry));
      writer.begin(request.type(), request.flags(), 1);
      request.body().write(writer);
    }
    writer.end();
    return writer.toBytes();
  }

  private RouteObject randomObject() {
    AddressFamily family = random.nextBoolean() ? AddressFamily.IPV4 : AddressFamily.IPV6;
    return switch (random.nextInt(6)) {
      case 0 -> link();
      case 1 ->
          new LinkAddress(
              random.nextInt(),
              address(family),
              random.nextInt(family.bitLength() + 1),
              random.nextInt(256),
              random.nextInt(),
              random.nextInt(256));
      case 2 -> route(family);
      case 3 -> rule(family);
      case 4 ->
          new Neighbour(
              random.nextInt(),
              address(family),
              orNull(mac()),
              random.nextInt(1 << 16),
              random.nextInt(256));
      default ->
          new ForwardingEntry(
              random.nextInt(),
              mac(),
              orNull(address(family)),
              random.nextInt(1 << 16),
              random.nextInt(256),
              random.nextInt(4096));
    };
  }

  private Link link() {
    return new Link(
        random.nextInt(),
        text(),
        orNull(mac()),
        random.nextInt(),
        random.nextInt(),
        random.nextInt(3),
        random.nextInt(3),
        random.nextInt(-1, 3),
        text(),
        switch (random.nextInt(5)) {
          case 0 -> new LinkKind.Veth();
          case 1 -> new LinkKind.Dummy();
          case 2 -> new LinkKind.Bridge(random.nextBoolean(), random.nextBoolean());
          case 3 ->
              new LinkKind.Vxlan(
                  random.nextInt(1 << 24),
                  random.nextInt(1 << 16),
                  orNull(address(AddressFamily.IPV6)),
                  random.nextInt(9),
                  random.nextBoolean());
          default -> new LinkKind.Other(text());
        });
  }

  private Route route(AddressFamily family) {
    return new Route(
        cidr(family),
        orNull(address(random.nextInt(5) == 0 ? AddressFamily.IPV6 : family)),
        random.nextInt(9),
        orNull(address(family)),
        random.nextInt(),
        random.nextInt(256),
        random.nextInt(256),
        random.nextInt(256),
        random.nextInt(9),
        random.nextInt(9),
        random.nextBoolean());
  }

  private RoutingRule rule(AddressFamily family) {
    int mask = random.nextInt(3);
    return new RoutingRule(
        family,
        random.nextInt(),
        orNull(cidr(family)),
        orNull(cidr(family)),
        mask == 0 ? 0 : random.nextInt(),
        mask,
        text(),
        random.nextInt(),
        random.nextInt(256));
  }

  private BridgePortSettings portSettings() {
    return new BridgePortSettings(
        random.nextBoolean(),
        random.nextBoolean(),
        random.nextBoolean(),
        random.nextBoolean(),
        random.nextBoolean(),
        random.nextBoolean(),
        random.nextBoolean());
  }

  private <T> @Nullable T orNull(T value) {
    return random.nextInt(4) == 0 ? null : value;
  }

  private Cidr cidr(AddressFamily family) {
    return new Cidr(address(family), random.nextInt(family.bitLength() + 1));
  }

  private IpAddress address(AddressFamily family) {
    byte[] bytes = new byte[family.byteLength()];
    random.nextBytes(bytes);
    return IpAddress.of(bytes);
  }

  private MacAddress mac() {
    return new MacAddress(random.nextLong() >>> 16);
  }

  private String text() {
    return "é/x".repeat(random.nextInt(4));
  }
}
