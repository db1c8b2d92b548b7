package io.fairlead.nftables.policy;

import static io.fairlead.nftables.policy.PolicyTable.TABLE;

import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.netlink.NetlinkException;
import java.util.HashSet;
import java.util.Set;

/**
 * Finds the policies for whose sake a transaction was refused. The kernel says of each operation
 * whether it was refused, and operations say what they change; so what another policy needs is
 * never blamed on one.
 */
final class Refusal {

  private static final String BEGINNING = "add ";

  private Refusal() {}

  /**
   * Adds the policies whose chains or sets could not be made.
   *
   * @param state what would have been committed
   * @return whether there are any that were not known yet
   */
  static boolean addTo(BrokenPolicies broken, NetlinkException refusal, PolicyState state) {
    if (refusal.isForbidden() || refusal.isLost()) {
      return false;
    }
    boolean found = add(broken, refusal, state);
    for (Throwable other : refusal.getSuppressed()) {
      if (other instanceof NetlinkException exception) {
        found |= add(broken, exception, state);
      }
    }
    return found;
  }

  private static boolean add(BrokenPolicies broken, NetlinkException refusal, PolicyState state) {
    boolean found = false;
    for (ObjectKey policy : policies(refusal.operation(), state)) {
      if (!broken.contains(policy)) {
        found = true;
        broken.add(policy, "the kernel refused to " + refusal.getMessage());
      }
    }
    return found;
  }

  /** Of "add rule inet fairlead-policy NAME ...", what the name belongs to. */
  private static Set<ObjectKey> policies(String operation, PolicyState state) {
    String[] words = operation.split(" ", 6);
    String[] table = TABLE.toString().split(" ");
    if (!operation.startsWith(BEGINNING)
        || words.length < 5
        || !words[2].equals(table[0])
        || !words[3].equals(table[1])) {
      return new HashSet<>();
    }
    return state.policiesOf(words[4]);
  }
}
