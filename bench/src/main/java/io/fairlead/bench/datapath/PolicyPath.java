package io.fairlead.bench.datapath;

import io.fairlead.bench.datapath.TrafficPath.Figure;
import io.fairlead.bench.lab.LabNamespace;
import io.fairlead.bench.measure.Program;
import io.fairlead.bench.policy.PathPolicies;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A node with two pods on a bridge, the first of which sends to the second. Not thread-safe.
 *
 * @param policies what is enforced between them; null for nothing
 */
record PolicyPath(
    LabNamespace node,
    Ends ends,
    PathServer server,
    Map<String, String> parameters,
    @Nullable PathPolicies policies)
    implements AutoCloseable {

  /** The contender of a node whose bridge does not look at packets at all. */
  static final String PLAIN = "floor: plain bridge";

  /** The contender of a node that tracks connections, and has no table of policies. */
  static final String TRACKED = "floor: connections tracked, no table of policies";

  private static final int PORT = 7001;

  /** What tracks connections on any node that masquerades. */
  private static final String BASE =
      """
      table inet base {
        chain forward {
          type filter hook forward priority 0; policy accept;
          ct state invalid drop
        }
        chain postrouting {
          type nat hook postrouting priority 100; policy accept;
          ip saddr 10.244.0.0/16 ip daddr != 10.244.0.0/16 masquerade
        }
      }
      """;

  /** A plain bridge. */
  static PolicyPath plain() throws IOException, InterruptedException {
    return create(PLAIN, false, null, 0, PathPolicies.Selection.OTHERS);
  }

  /** A node that tracks connections of bridged packets, too. */
  static PolicyPath tracked() throws IOException, InterruptedException {
    return create(TRACKED, true, null, 0, PathPolicies.Selection.OTHERS);
  }

  /** A node with policies. */
  static PolicyPath of(
      PathPolicies.Enforcer enforcer, int policies, PathPolicies.Selection selection)
      throws IOException, InterruptedException {
    return create(enforcer.title(), true, enforcer, policies, selection);
  }

  private static PolicyPath create(
      String contender,
      boolean tracked,
      PathPolicies.@Nullable Enforcer enforcer,
      int count,
      PathPolicies.Selection selection)
      throws IOException, InterruptedException {
    Ends ends = Ends.create();
    LabNamespace node = LabNamespace.create("node");
    try {
      ends.bridge(node, PathPolicies.CLIENT, PathPolicies.SERVER);
      String call = tracked ? "1" : "0";
      node.run("sysctl", "-qw", "net.bridge.bridge-nf-call-iptables=" + call);
      if (tracked) {
        new Program(node).run(BASE, "nft", "-f", "-");
      }
      PathPolicies policies = enforcer == null ? null : enforcer.load(count, selection, PORT, node);
      int selecting = PathPolicies.selecting(count, selection);
      return new PolicyPath(
          node,
          ends,
          PathServer.start(ends.server(), PORT),
          Map.of(
              "contender",
              contender,
              "policies",
              Integer.toString(count),
              "selecting",
              Integer.toString(selecting)),
          policies);
    } catch (IOException | InterruptedException | RuntimeException e) {
      node.close();
      ends.close();
      throw e;
    }
  }

  TrafficPath path() {
    InetAddress address = InetAddress.ofLiteral(PathPolicies.SERVER);
    return new TrafficPath(
        parameters,
        ends.client(),
        new InetSocketAddress(address, PORT),
        EnumSet.allOf(Figure.class));
  }

  @Override
  public void close() {
    server.close();
    if (policies != null) {
      policies.close();
    }
    node.close();
    ends.close();
  }
}
