package io.fairlead.agent.subsystem.observe;

import io.fairlead.agent.loop.ReconcileLoop;
import io.fairlead.agent.subsystem.policy.flow.FlowWatch;
import io.fairlead.cni.ipam.Lease;
import io.fairlead.dataplane.policy.enforcement.Enforcement;
import io.fairlead.dataplane.service.AddressClaims;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What there is to look at.
 *
 * @param node the name of this node
 * @param enforcement owned by the reconciling thread; null where policies are off
 * @param denied null where policies are off
 * @param claims owned by the reconciling thread
 * @param leases thread-safe
 */
public record Observed(
    String node,
    ReconcileLoop loop,
    @Nullable Enforcement enforcement,
    @Nullable FlowWatch denied,
    AddressClaims claims,
    Supplier<List<Lease>> leases) {

  NameBook names() {
    return new NameBook(node, enforcement, claims, leases, System::nanoTime);
  }
}
