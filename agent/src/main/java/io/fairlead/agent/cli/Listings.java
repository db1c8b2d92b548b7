package io.fairlead.agent.cli;

import java.util.List;

/** All kinds of things that {@code fairlead get} lists, in the order of its help. */
final class Listings {

  private static final List<Listing<?>> ALL =
      List.of(
          new ServicesListing(),
          new EndpointsListing(),
          new PodsListing(),
          new AddressesListing(),
          new NodesListing(),
          new PoliciesListing(),
          new RoutesListing());

  private Listings() {}

  static List<Listing<?>> all() {
    return ALL;
  }

  /** The kind of this name, which exists. */
  static Listing<?> of(String name) {
    return ALL.stream().filter(listing -> listing.name().equals(name)).findFirst().orElseThrow();
  }
}
