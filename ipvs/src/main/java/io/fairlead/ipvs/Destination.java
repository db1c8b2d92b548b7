package io.fairlead.ipvs;

import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.ipvs.companion.AddressTreatment;
import org.jspecify.annotations.Nullable;

/**
 * What one address and port of this node leads to.
 *
 * @param frontend of the Service: the address itself, or a node port
 * @param port of the Service; null where an earlier run's connections are all that is left
 * @param insidePort whose server by mark clients inside use; null where all use the one by address
 */
record Destination(
    @Nullable PortId port,
    FrontendAddress frontend,
    AddressTreatment treatment,
    @Nullable PortId insidePort) {

  @Nullable ObjectKey service() {
    return port == null ? null : port.service();
  }

  /** The same with its virtual server in the kernel, although only for connections that end. */
  Destination whileDraining() {
    AddressTreatment draining =
        new AddressTreatment(
            treatment.virtual(),
            treatment.masquerade(),
            treatment.insideMark(),
            treatment.inside(),
            treatment.outside(),
            treatment.allowedSources(),
            true);
    return new Destination(port, frontend, draining, insidePort);
  }
}
