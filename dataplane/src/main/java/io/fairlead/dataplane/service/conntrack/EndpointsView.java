package io.fairlead.dataplane.service.conntrack;

import io.fairlead.dataplane.service.EndpointAddress;
import io.fairlead.dataplane.service.ServicePortFragment;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The endpoints that a port sends new connections to, and some others, as a set that copies
 * nothing: of all Services' endpoints, a pass over the kernel's flows asks for few. Immutable.
 */
final class EndpointsView extends AbstractSet<EndpointAddress> {

  private final ServicePortFragment port;
  private final Set<EndpointAddress> others;

  EndpointsView(ServicePortFragment port, Set<EndpointAddress> others) {
    this.port = port;
    this.others = Set.copyOf(others);
  }

  @Override
  public boolean contains(Object endpoint) {
    return port.cluster().endpoints().contains(endpoint)
        || port.local().endpoints().contains(endpoint)
        || others.contains(endpoint);
  }

  @Override
  public boolean isEmpty() {
    return port.cluster().endpoints().isEmpty()
        && port.local().endpoints().isEmpty()
        && others.isEmpty();
  }

  private Stream<EndpointAddress> all() {
    return Stream.of(port.cluster().endpoints(), port.local().endpoints(), others)
        .flatMap(part -> part.stream())
        .distinct();
  }

  @Override
  public Iterator<EndpointAddress> iterator() {
    return all().iterator();
  }

  @Override
  public int size() {
    return (int) all().count();
  }
}
