package io.fairlead.ipvs;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.service.ServiceSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Routes and a node's addresses in memory. */
final class FakeRoutes implements AddressRoutes {

  private final SortedSet<IpAddress> kernel;
  private final Map<IpAddress, Integer> wanted = new HashMap<>();
  private Set<IpAddress> own = Set.of();

  /**
   * @param kernel what outlives this
   */
  FakeRoutes(SortedSet<IpAddress> kernel) {
    this.kernel = kernel;
  }

  void own(String... addresses) {
    own = Arrays.stream(addresses).map(IpAddress::parse).collect(Collectors.toSet());
  }

  @Override
  public void settings(ServiceSettings settings) {}

  @Override
  public NodePlaces places(ServiceSettings settings) {
    return NodePlaces.of(own, own, settings);
  }

  @Override
  public void want(IpAddress address) {
    wanted.merge(address, 1, Integer::sum);
  }

  @Override
  public void unwant(IpAddress address) {
    wanted.merge(address, -1, (a, b) -> a + b == 0 ? null : a + b);
  }

  @Override
  public boolean isPending() {
    return false;
  }

  @Override
  public List<String> commit() throws IOException {
    return synchronize();
  }

  @Override
  public List<String> synchronize() throws IOException {
    List<String> texts = new ArrayList<>();
    for (IpAddress address : new TreeSet<>(wanted.keySet())) {
      if (!own.contains(address) && kernel.add(address)) {
        texts.add("add route " + address);
      }
    }
    for (IpAddress address : List.copyOf(kernel)) {
      if (!wanted.containsKey(address) || own.contains(address)) {
        kernel.remove(address);
        texts.add("delete route " + address);
      }
    }
    return texts;
  }

  @Override
  public List<String> remove() {
    kernel.clear();
    return List.of();
  }
}
