package io.fairlead.ipvs;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.service.ServiceSettings;
import java.io.IOException;
import java.util.List;

/** The routes that make Services' addresses local, and the node's own addresses. */
interface AddressRoutes {

  void settings(ServiceSettings settings);

  NodePlaces places(ServiceSettings settings) throws IOException;

  void want(IpAddress address);

  void unwant(IpAddress address);

  boolean isPending();

  List<String> commit() throws IOException;

  List<String> synchronize() throws IOException;

  List<String> remove() throws IOException;
}
