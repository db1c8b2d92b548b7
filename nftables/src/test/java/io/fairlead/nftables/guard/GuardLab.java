package io.fairlead.nftables.guard;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.sys.NativeBuffer;
import io.fairlead.dataplane.sys.RawSocket;
import io.fairlead.dataplane.testing.TestNamespace;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * A node with pods on a bridge, as the CNI plugin attaches them:
 *
 * <pre>
 *   pods 2, 3 (10.244.1.N, fd00:244:1::N, 0a:58:0a:f4:01:0N) -- vethN -- br0 (.1, ::1, fe80::1)
 * </pre>
 */
final class GuardLab implements AutoCloseable {

  /** Longer than a frame takes that arrives. */
  private static final long PATIENCE_NANOS = 200_000_000;

  final TestNamespace node = TestNamespace.create("guard-node");
  final TestNamespace first;
  final TestNamespace second;
  private final RawSocket sender;
  private final RawSocket tap;
  private final NativeBuffer buffer = NativeBuffer.allocate(4096);

  GuardLab() throws Exception {
    node.run(
        "ip", "link", "add", "br0", "type", "bridge", "forward_delay", "0", "mcast_snooping", "0");
    node.run("ip", "addr", "add", "10.244.1.1/24", "dev", "br0");
    node.run("ip", "addr", "add", "fd00:244:1::1/64", "dev", "br0", "nodad");
    node.run("ip", "link", "set", "br0", "addrgenmode", "none");
    node.run("ip", "addr", "add", "fe80::1/64", "dev", "br0", "nodad");
    node.run("ip", "link", "set", "br0", "up");
    first = pod(2);
    second = pod(3);
    sender = first.call(RawSocket::frames);
    tap = second.call(RawSocket::frames);
  }

  private TestNamespace pod(int number) throws IOException {
    TestNamespace pod = TestNamespace.create("guard-pod" + number);
    attach(pod, number, "eth0");
    pod.run("ip", "route", "add", "default", "via", "10.244.1.1");
    return pod;
  }

  /** Gives a pod an interface with the addresses of this number. */
  void attach(TestNamespace pod, int number, String name) {
    String there = pod.namespace().path().toString();
    String link = "veth" + number;
    node.run("ip", "link", "add", link, "type", "veth", "peer", name, "netns", there);
    node.run("ip", "link", "set", link, "master", "br0", "up");
    node.run("ip", "link", "set", link, "type", "bridge_slave", "hairpin", "on");
    pod.run("ip", "link", "set", name, "address", mac(number).toString());
    pod.run("ip", "addr", "add", "10.244.1." + number + "/24", "dev", name);
    pod.run("ip", "addr", "add", "fd00:244:1::" + number + "/64", "dev", name, "nodad");
    pod.run("ip", "link", "set", name, "up");
  }

  static MacAddress mac(int number) {
    return MacAddress.parse("0a:58:0a:f4:01:0" + number);
  }

  /** What the CNI plugin would say of a pod's port. */
  static GuardedPort port(int number) {
    return new GuardedPort("veth" + number, "pod" + number, mac(number), true, addresses(number));
  }

  static List<IpAddress> addresses(int number) {
    return List.of(IpAddress.parse("10.244.1." + number), IpAddress.parse("fd00:244:1::" + number));
  }

  /** Whether a frame that the first pod sends arrives at the second one. */
  boolean arrives(Frame frame) throws Exception {
    byte[] bytes = frame.bytes();
    int length = 1;
    while (length > 0) {
      length = tap.receive(buffer); // What came late, or was an answer.
    }
    buffer.putBytes(0, bytes);
    // "2: eth0@if5: ..."
    int index = Integer.parseInt(first.run("ip", "-o", "link", "show", "eth0").split(":", -1)[0]);
    sender.sendFrame(buffer, bytes.length, index);
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    boolean arrived = false;
    while (!arrived && System.nanoTime() < deadline) {
      length = tap.receive(buffer);
      if (length == 0) {
        LockSupport.parkNanos(1_000_000);
      } else {
        arrived = frame.isLike(buffer.bytes(0, length));
      }
    }
    return arrived;
  }

  /** Where the bridge believes a link-layer address to be; empty if it has no idea. */
  String portOf(MacAddress mac) {
    return node.run("bridge", "fdb", "show", "br", "br0", "dynamic")
        .lines()
        .filter(line -> line.startsWith(mac + " dev "))
        .map(line -> line.split(" ", -1)[2])
        .findFirst()
        .orElse("");
  }

  @Override
  public void close() {
    sender.close();
    tap.close();
    first.close();
    second.close();
    node.close();
  }
}
