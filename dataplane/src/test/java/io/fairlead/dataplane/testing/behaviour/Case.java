package io.fairlead.dataplane.testing.behaviour;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Protocol;

/** One cell of the matrix: a client uses a Service in one way. */
record Case(Variant service, Host client, Path path, AddressFamily family, Protocol protocol) {

  Probe probe(boolean patient) {
    return new Probe(client, protocol, service.address(path, family), service.port(path), patient);
  }

  @Override
  public String toString() {
    return client
        + " by "
        + path
        + ", "
        + service
        + ", "
        + family.kubernetesName()
        + ", "
        + protocol;
  }
}
