package io.fairlead.dataplane.policy;

import static io.fairlead.dataplane.policy.PolicyText.key;
import static io.fairlead.dataplane.policy.PolicyText.labels;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.NamespaceRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.PodRecord;
import io.fairlead.dataplane.model.PodRecord.ContainerPort;
import io.fairlead.dataplane.model.Protocol;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Namespaces x, y and z with pods a, b and c each. Pod b of y is 10.0.2.2 and fd00::2:2; its labels
 * are pod=b, and odd=yes for a and c. Its port 80 of TCP is called "web"; that of pods c is 81, and
 * pods a have none. Namespaces have the label ns with their name; z is not known yet.
 */
final class NinePods implements ClusterPolicies {

  private static final List<String> NAMESPACES = List.of("x", "y", "z");
  private static final List<String> PODS = List.of("a", "b", "c");

  private final Map<IpAddress, PodRecord> pods = new HashMap<>();
  private final List<NetworkPolicyRecord> policies;

  NinePods(List<NetworkPolicyRecord> policies) {
    this.policies = policies;
    for (String namespace : NAMESPACES) {
      for (String name : PODS) {
        PodRecord pod = pod(namespace, name);
        pod.addresses().forEach(address -> pods.put(address, pod));
      }
    }
  }

  private static PodRecord pod(String namespace, String name) {
    return new PodRecord(
        key(namespace + "/" + name),
        "",
        labels(name.equals("b") ? "pod=b" : "pod=" + name + " odd=yes"),
        List.of(address(namespace + "/" + name), address(namespace + "/" + name + "6")),
        "node",
        false,
        switch (name) {
          case "b" ->
              List.of(
                  new ContainerPort("web", Protocol.TCP, 80),
                  new ContainerPort("dns", Protocol.UDP, 53));
          case "c" -> List.of(new ContainerPort("web", Protocol.TCP, 81));
          default -> List.of();
        },
        0);
  }

  /** "y/b" for the pod's IPv4 address, "y/b6" for its IPv6 address; or an address. */
  static IpAddress address(String text) {
    if (text.indexOf('/') < 0) {
      return IpAddress.parse(text);
    }
    int namespace = 1 + NAMESPACES.indexOf(text.substring(0, 1));
    int pod = 1 + PODS.indexOf(text.substring(2, 3));
    return IpAddress.parse(
        text.endsWith("6") ? "fd00::" + namespace + ":" + pod : "10.0." + namespace + "." + pod);
  }

  /** "x/a y/b tcp 80", with "node" as fifth word if the sender is the destination's node. */
  static Flow flow(String text) {
    String[] words = text.split(" ", -1);
    return new Flow(
        words.length == 5 ? Flow.Origin.OWN_NODE : Flow.Origin.NETWORK,
        address(words[0]),
        address(words[1]),
        switch (words[2]) {
          case "tcp" -> 6;
          case "udp" -> 17;
          case "sctp" -> 132;
          case "icmp" -> 1;
          case "icmpv6" -> Flow.ICMPV6;
          case "esp" -> 50;
          default -> throw new IllegalArgumentException(text);
        },
        words.length == 3 ? Flow.NO_PORT : Integer.parseInt(words[3]));
  }

  @Override
  public @Nullable PodRecord pod(IpAddress address) {
    return pods.get(address);
  }

  @Override
  public @Nullable NamespaceRecord namespace(String name) {
    return name.equals("z")
        ? null
        : new NamespaceRecord(
            name, labels("ns=" + name + " " + NamespaceRecord.NAME_LABEL + "=" + name));
  }

  @Override
  public Collection<NetworkPolicyRecord> policies(String namespace) {
    return policies.stream().filter(each -> each.key().namespace().equals(namespace)).toList();
  }
}
