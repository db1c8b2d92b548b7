package io.fairlead.bench.lab;

import java.util.List;

/**
 * What is on a node because of its pods. After all pods were deleted, every list must be empty.
 *
 * @param veths names of veth devices other than the node's own eth0
 * @param routes and neighbours and forwarding entries that name a pod's address or device
 * @param leases files of the agent's state by which a pod's container still holds something, and
 *     queued deletions
 * @param rules of nftables that name a pod's address
 */
public record Residue(
    List<String> veths, List<String> routes, List<String> leases, List<String> rules) {

  public Residue {
    veths = List.copyOf(veths);
    routes = List.copyOf(routes);
    leases = List.copyOf(leases);
    rules = List.copyOf(rules);
  }

  public boolean isEmpty() {
    return veths.isEmpty() && routes.isEmpty() && leases.isEmpty() && rules.isEmpty();
  }

  /** How many pieces there are of each kind, and which, unless there are none. */
  @Override
  public String toString() {
    return describe("veths", veths)
        + ", "
        + describe("routes", routes)
        + ", "
        + describe("leases", leases)
        + ", "
        + describe("nft lines", rules);
  }

  private static String describe(String kind, List<String> found) {
    return found.size() + " " + kind + (found.isEmpty() ? "" : " " + found);
  }
}
