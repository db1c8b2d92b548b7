package io.fairlead.cni.protocol;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of ADD, independent of a protocol version; {@link ResultJson} reads and writes it in
 * each.
 */
public record CniResult(
    List<Interface> interfaces, List<Address> addresses, List<Route> routes, Dns dns) {

  public CniResult {
    interfaces = List.copyOf(interfaces);
    addresses = List.copyOf(addresses);
    routes = List.copyOf(routes);
  }

  /**
   * An interface that a plugin made or moved.
   *
   * @param mac as text, empty if unknown
   * @param mtu in bytes, or null if unknown
   * @param sandbox the path of the network namespace; empty for an interface of the host
   */
  public record Interface(
      String name,
      String mac,
      @Nullable Integer mtu,
      String sandbox,
      @Nullable String socketPath,
      @Nullable String pciId) {

    public Interface(String name, String mac, @Nullable Integer mtu, String sandbox) {
      this(name, mac, mtu, sandbox, null, null);
    }
  }

  /**
   * An address of a pod: unlike a {@link Cidr} it keeps its host bits.
   *
   * @param prefixLength of its subnet
   * @param interfaceIndex the position of its interface in {@link #interfaces}, or null
   */
  public record Address(
      IpAddress address,
      int prefixLength,
      @Nullable IpAddress gateway,
      @Nullable Integer interfaceIndex) {

    @Override
    public String toString() {
      return address + "/" + prefixLength;
    }
  }

  /** A route of the pod; what is null takes the kernel's or the gateway's default. */
  public record Route(
      Cidr destination,
      @Nullable IpAddress gateway,
      @Nullable Integer mtu,
      @Nullable Integer advertisedMss,
      @Nullable Long priority,
      @Nullable Long table,
      @Nullable Integer scope) {

    public Route(Cidr destination, @Nullable IpAddress gateway) {
      this(destination, gateway, null, null, null, null, null);
    }
  }

  /** Resolver settings, handed through and never interpreted. */
  public record Dns(
      List<String> nameservers, String domain, List<String> search, List<String> options) {

    public static final Dns NONE = new Dns(List.of(), "", List.of(), List.of());

    public Dns {
      nameservers = List.copyOf(nameservers);
      search = List.copyOf(search);
      options = List.copyOf(options);
    }
  }

  /**
   * What {@code previous} plugins of the chain did, followed by this: their interfaces, addresses,
   * routes stay, and their DNS unless this has its own.
   */
  public CniResult after(CniResult previous) {
    List<Interface> allInterfaces = new ArrayList<>(previous.interfaces);
    allInterfaces.addAll(interfaces);
    List<Address> allAddresses = new ArrayList<>(previous.addresses);
    for (Address address : addresses) {
      Integer index = address.interfaceIndex;
      allAddresses.add(
          new Address(
              address.address,
              address.prefixLength,
              address.gateway,
              index == null ? null : index + previous.interfaces.size()));
    }
    List<Route> allRoutes = new ArrayList<>(previous.routes);
    allRoutes.addAll(routes);
    return new CniResult(
        allInterfaces, allAddresses, allRoutes, dns.equals(Dns.NONE) ? previous.dns : dns);
  }
}
