package io.fairlead.nftables.policy;

import static io.fairlead.nftables.policy.PolicyTable.TABLE;

import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.sys.Errno;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the policies for whose sake a transaction was refused. The kernel says of each operation
 * whether it was refused, and operations say what they change; so what another policy needs is
 * never blamed on one.
 */
final class Refusal {

  private static final Pattern ADDITION = Pattern.compile("add \\w+ " + TABLE + " (\\S+)");

  /** Operations may have thousands of elements. */
  private static final int LIMIT = 120;

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
        broken.add(policy, "the kernel did not take it: " + text(refusal));
      }
    }
    return found;
  }

  private static String text(NetlinkException refusal) {
    String operation = refusal.operation();
    String words = refusal.kernelText().isEmpty() ? "" : ", " + refusal.kernelText();
    return Errno.describe(refusal.errno())
        + words
        + " at: "
        + (operation.length() <= LIMIT ? operation : operation.substring(0, LIMIT) + "...");
  }

  /** Of "add rule inet fairlead-policy NAME ...", what the name belongs to. */
  private static Set<ObjectKey> policies(String operation, PolicyState state) {
    Matcher matcher = ADDITION.matcher(operation);
    return matcher.lookingAt() ? state.policiesOf(matcher.group(1)) : Set.of();
  }
}
