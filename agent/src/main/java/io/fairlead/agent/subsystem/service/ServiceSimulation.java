package io.fairlead.agent.subsystem.service;

import io.fairlead.agent.config.AgentConfiguration;
import io.fairlead.agent.config.ProxyMode;
import io.fairlead.agent.loop.ClusterView;
import io.fairlead.agent.verify.Simulation;
import io.fairlead.dataplane.model.ServiceRecord;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.ServiceFragment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What Services would be in the kernel if the cluster were another. */
final class ServiceSimulation {

  private ServiceSimulation() {}

  /**
   * Renders all Services anew, and compares.
   *
   * @param now the claims of now, whose conflicts are no news
   */
  static Simulation of(
      AgentConfiguration configuration,
      ClusterView then,
      AddressClaims now,
      ServiceBackends backends)
      throws IOException {
    ServiceInputs inputs = ServiceInputs.of(configuration, then.node(configuration.nodeName()));
    AddressClaims claims = new AddressClaims();
    if (configuration.proxyMode() != ProxyMode.NONE) {
      for (ServiceRecord service : then.services()) {
        var _ =
            claims.update(
                service.key(),
                ServiceFragment.of(service, then.slices(service.key()), inputs.node()));
      }
    }
    List<AddressClaims.Conflict> conflicts = new ArrayList<>(claims.conflicts());
    conflicts.removeAll(now.conflicts());
    return new Simulation(
        backends.compare(claims, inputs),
        conflicts.stream().map(AddressClaims.Conflict::toString).toList(),
        List.of(),
        "");
  }
}
