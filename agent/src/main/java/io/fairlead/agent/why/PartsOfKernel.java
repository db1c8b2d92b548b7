package io.fairlead.agent.why;

import io.fairlead.dataplane.evidence.KernelObject;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PolicyDirection;
import io.fairlead.dataplane.service.FrontendAddress;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the subsystems tell of their objects in the kernel. For the reconciling thread.
 *
 * @param services of Services
 * @param policies of NetworkPolicies
 */
public record PartsOfKernel(OfServices services, OfPolicies policies) {

  /** Reads what treats an address of a Service. */
  @FunctionalInterface
  public interface OfServices {
    List<KernelObject> evidence(FrontendAddress address) throws IOException;
  }

  /** Reads what judges packets of a pod. */
  @FunctionalInterface
  public interface OfPolicies {
    List<KernelObject> evidence(
        IpAddress pod,
        PolicyDirection direction,
        @Nullable ObjectKey policy,
        @Nullable IpAddress peer)
        throws IOException;
  }
}
