package io.fairlead.dataplane.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * A node that routes between namespaces, each at a link of its own with one address of each family:
 * pods, and whoever else is there.
 */
public final class PodLab implements AutoCloseable {

  private final TestNamespace node = TestNamespace.create("lab-node");
  private final Map<String, TestNamespace> hosts = new HashMap<>();

  public PodLab() throws IOException {
    node.run("sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1");
    node.run("ip", "addr", "add", "10.244.1.1/32", "dev", "lo");
    node.run("ip", "addr", "add", "fd00:244::1/128", "dev", "lo", "nodad");
  }

  public TestNamespace node() {
    return node;
  }

  /** A namespace with these addresses; it takes the place of one with the same name. */
  public TestNamespace host(String name, String ipv4, String ipv6) throws IOException {
    remove(name);
    TestNamespace host = TestNamespace.create(name);
    hosts.put(name, host);
    String there = host.namespace().path().toString();
    node.run("ip", "link", "add", name, "type", "veth", "peer", "eth0", "netns", there);
    node.run("ip", "link", "set", name, "addrgenmode", "none", "up");
    node.run("ip", "addr", "add", "169.254.1.1/32", "dev", name);
    node.run("ip", "addr", "add", "fe80::1/64", "dev", name, "nodad");
    node.run("ip", "route", "add", ipv4 + "/32", "dev", name, "src", "10.244.1.1");
    node.run("ip", "route", "add", ipv6 + "/128", "dev", name, "src", "fd00:244::1");
    host.run("ip", "link", "set", "eth0", "addrgenmode", "none", "up");
    host.run("ip", "addr", "add", ipv4 + "/32", "dev", "eth0");
    host.run("ip", "addr", "add", ipv6 + "/128", "dev", "eth0", "nodad");
    host.run("ip", "route", "add", "169.254.1.1/32", "dev", "eth0");
    host.run("ip", "route", "add", "default", "via", "169.254.1.1", "dev", "eth0");
    host.run("ip", "route", "add", "default", "via", "fe80::1", "dev", "eth0");
    return host;
  }

  /** Ends a namespace and its link; nothing if there is none. */
  public void remove(String name) {
    TestNamespace old = hosts.remove(name);
    if (old != null) {
      node.run("ip", "link", "delete", name);
      old.close();
    }
  }

  /** Has the node's nft run a script. */
  public void nft(String script) throws IOException {
    Path file = Files.createTempFile("pod-lab", ".nft");
    Files.writeString(file, script);
    node.run("nft", "-f", file.toString());
    Files.delete(file);
  }

  /** Packets that a named counter of the node's tables has seen. */
  public long packets(String table, String counter) {
    String text = node.run("nft", "list", "counter", "inet", table, counter);
    return Long.parseLong(text.replaceAll("(?s).*packets (\\d+).*", "$1"));
  }

  @Override
  public void close() {
    hosts.values().forEach(TestNamespace::close);
    node.close();
  }
}
