package io.fairlead.bench.policy.matrix;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A story about policies: after each step all pods ask all. It begins with the nine pods and no
 * policy.
 */
record PolicyCase(String name, Set<String> tags, List<Step> steps, Set<AddressFamily> families) {

  /**
   * What happens in the cluster at once.
   *
   * @param truth what somebody thought it means, null if nobody did
   */
  record Step(String name, UnaryOperator<ClusterState> change, Cell.@Nullable Truth truth) {}

  PolicyCase {
    tags = new TreeSet<>(tags);
    steps = List.copyOf(steps);
    families = Set.copyOf(families);
  }

  /** A case without steps, of IPv4. */
  static PolicyCase named(String name, String... tags) {
    return new PolicyCase(name, Set.of(tags), List.of(), Set.of(AddressFamily.IPV4));
  }

  PolicyCase then(String step, UnaryOperator<ClusterState> change) {
    List<Step> more = new ArrayList<>(steps);
    more.add(new Step(step, change, null));
    return new PolicyCase(name, tags, more, families);
  }

  /** A step whose meaning is known from elsewhere. */
  PolicyCase then(String step, UnaryOperator<ClusterState> change, Cell.Truth truth) {
    List<Step> more = new ArrayList<>(steps);
    more.add(new Step(step, change, truth));
    return new PolicyCase(name, tags, more, families);
  }

  PolicyCase create(NetworkPolicyRecord... policies) {
    return then("create", state -> state.with(policies));
  }

  /** The same, asked by other families. */
  PolicyCase by(Set<AddressFamily> asked) {
    return new PolicyCase(name, tags, steps, asked);
  }
}
