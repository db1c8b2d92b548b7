package io.fairlead.bench.soak;

import io.fairlead.bench.lab.ContainerRuntime;
import io.fairlead.dataplane.sys.NamespaceThread;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.List;

/** A pod's namespace and what it is called. */
final class SoakPod implements AutoCloseable {

  private final String name;
  private final String containerId;
  private final int hostPort;
  private final NamespaceThread namespace;
  private final String path;

  private SoakPod(String name, String containerId, int hostPort, NamespaceThread namespace) {
    this.name = name;
    this.containerId = containerId;
    this.hostPort = hostPort;
    this.namespace = namespace;
    this.path = namespace.namespace().path().toString();
  }

  /** With a new namespace. */
  static SoakPod create(int number, long seed) throws IOException {
    return new SoakPod(
        "pod-" + number,
        "%016x%048x".formatted(seed, number),
        20_000 + number % 40_000,
        NamespaceThread.create("pod-" + number));
  }

  String name() {
    return name;
  }

  int hostPort() {
    return hostPort;
  }

  /** Names the namespace's path also when that is gone, and may be another pod's by now. */
  ContainerRuntime.Attachment attachment() {
    return new ContainerRuntime.Attachment(
        containerId, path, "eth0", "default", name, "uid-" + name, "1.1.0");
  }

  /**
   * The IPv4 addresses that the pod has, whatever anybody was told. (Those of IPv6 the JDK reads
   * from /proc/self/net, which is that of another thread.)
   */
  List<String> addresses() throws IOException {
    try {
      return namespace.call(() -> {
        List<String> found = new ArrayList<>();
        for (NetworkInterface link : NetworkInterface.networkInterfaces().toList()) {
          for (InterfaceAddress address : link.getInterfaceAddresses()) {
            InetAddress ip = address.getAddress();
            if (ip instanceof Inet4Address && !ip.isLoopbackAddress()) {
              found.add(ip.getHostAddress());
            }
          }
        }
        return found;
      });
    } catch (Exception e) {
      throw new IOException("the addresses of " + name + " cannot be read", e);
    }
  }

  @Override
  public void close() {
    namespace.close();
  }
}
