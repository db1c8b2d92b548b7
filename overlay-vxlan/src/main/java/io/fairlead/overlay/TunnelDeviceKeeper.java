package io.fairlead.overlay;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.netlink.route.Link;
import io.fairlead.dataplane.netlink.route.LinkAddress;
import io.fairlead.dataplane.netlink.route.LinkKind;
import io.fairlead.dataplane.netlink.route.LinkSelector;
import io.fairlead.dataplane.netlink.route.LinkSettings;
import io.fairlead.dataplane.netlink.route.Route;
import io.fairlead.dataplane.netlink.route.RouteKernel;
import io.fairlead.dataplane.netlink.route.RouteOperation;
import io.fairlead.dataplane.sys.Errno;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Brings the VXLAN device to what it is to be, with the fewest operations. */
final class TunnelDeviceKeeper {

  private final RouteKernel kernel;

  TunnelDeviceKeeper(RouteKernel kernel) {
    this.kernel = kernel;
  }

  /** The device cannot be made; the message is a sentence with the mend. */
  static final class DeviceException extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean vanished;

    DeviceException(String sentence, @Nullable Throwable cause, boolean vanished) {
      super(sentence, cause);
      this.vanished = vanished;
    }

    /** Whether somebody deleted or renamed it meanwhile, so that it can be made anew at once. */
    boolean isVanished() {
      return vanished;
    }
  }

  /** The device as it exists, or null. A link of that name that is no VXLAN device is not ours. */
  @Nullable Link find() throws IOException {
    Link link = kernel.link(TunnelDevice.NAME);
    return link != null && link.kind() instanceof LinkKind.Vxlan ? link : null;
  }

  static boolean matches(TunnelDevice wanted, Link link) {
    return link.name().equals(TunnelDevice.NAME)
        && link.kind().equals(wanted.kind())
        && settings(wanted, link).equals(LinkSettings.NONE);
  }

  /**
   * Returns the device, which is then as wanted.
   *
   * @param problems told of addresses that the kernel refused, one family of which need not keep
   *     the other from working
   */
  Link ensure(TunnelDevice wanted, List<RouteOperation> applied, Consumer<String> problems)
      throws IOException, DeviceException {
    Link link = kernel.link(TunnelDevice.NAME);
    if (link != null && !(link.kind() instanceof LinkKind.Vxlan)) {
      throw new DeviceException(
          "a link named "
              + TunnelDevice.NAME
              + " exists that is not a VXLAN device but "
              + link.kind()
              + "; rename or delete it",
          null,
          false);
    }
    if (link != null && !link.kind().equals(wanted.kind())) {
      // The kernel changes neither VNI nor port nor underlay of a device that exists.
      apply(new RouteOperation.DeleteLink(LinkSelector.of(link.index())), wanted, applied);
      link = null;
    }
    if (link == null) {
      removeRenamed(wanted, applied);
      apply(
          new RouteOperation.AddLink(
              TunnelDevice.NAME,
              wanted.kind(),
              LinkSettings.NONE.withMtu(wanted.mtu()).withMac(wanted.mac()).withUp(true)),
          wanted,
          applied);
    } else {
      LinkSettings settings = settings(wanted, link);
      if (!settings.equals(LinkSettings.NONE)) {
        apply(
            new RouteOperation.ChangeLink(LinkSelector.of(link.index()), settings),
            wanted,
            applied);
      }
    }
    Link device = find();
    if (device == null) {
      throw new DeviceException(
          TunnelDevice.NAME + " was deleted while it was being set up; it is tried again",
          null,
          true);
    }
    ensureAddresses(device.index(), wanted, applied, problems);
    return device;
  }

  /** Our device under another name, which its MAC address tells from others, is in the way. */
  private void removeRenamed(TunnelDevice wanted, List<RouteOperation> applied)
      throws IOException, DeviceException {
    for (Link link : kernel.links()) {
      if (link.kind() instanceof LinkKind.Vxlan && wanted.mac().equals(link.mac())) {
        apply(new RouteOperation.DeleteLink(LinkSelector.of(link.index())), wanted, applied);
      }
    }
  }

  /** What differs. */
  private static LinkSettings settings(TunnelDevice wanted, Link link) {
    LinkSettings settings = LinkSettings.NONE;
    if (link.mtu() != wanted.mtu()) {
      settings = settings.withMtu(wanted.mtu());
    }
    if (!wanted.mac().equals(link.mac())) {
      settings = settings.withMac(wanted.mac());
    }
    if (link.masterIndex() != 0) {
      settings = settings.withMaster(0);
    }
    return link.isUp() ? settings : settings.withUp(true);
  }

  private void ensureAddresses(
      int index, TunnelDevice wanted, List<RouteOperation> applied, Consumer<String> problems)
      throws IOException {
    List<RouteOperation> operations = new ArrayList<>();
    List<LinkAddress> present = kernel.addresses(index);
    for (IpAddress address : wanted.addresses()) {
      LinkAddress own = own(index, address);
      if (present.stream().noneMatch(own::isSamePlace)) {
        operations.add(new RouteOperation.Add(own));
      }
    }
    for (LinkAddress address : present) {
      if (!wanted.isOwn(address)) {
        operations.add(new RouteOperation.Delete(address));
      }
    }
    List<RouteOperation> refused = new ArrayList<>();
    for (RouteKernel.Failure failure : kernel.apply(operations)) {
      refused.add(failure.operation());
      problems.accept(String.valueOf(failure.cause().getMessage()));
    }
    operations.removeAll(refused);
    applied.addAll(operations);
  }

  private static LinkAddress own(int index, IpAddress address) {
    return LinkAddress.of(index, address, address.family().bitLength())
        .withProtocol(Route.PROTOCOL_FAIRLEAD);
  }

  private void apply(RouteOperation operation, TunnelDevice wanted, List<RouteOperation> applied)
      throws IOException, DeviceException {
    List<RouteKernel.Failure> failures = kernel.apply(List.of(operation));
    if (failures.isEmpty()) {
      applied.add(operation);
    } else {
      NetlinkException cause = failures.getFirst().cause();
      // Of a link to be made, that error would be about its underlay, whose end causes an event.
      boolean vanished =
          cause.errno() == Errno.ENODEV && !(operation instanceof RouteOperation.AddLink);
      throw new DeviceException(advice(wanted.kind(), cause), cause, vanished);
    }
  }

  private String advice(LinkKind.Vxlan wanted, NetlinkException cause) throws IOException {
    String number = "VNI " + wanted.vni() + " on UDP port " + wanted.port();
    return switch (cause.errno()) {
      case Errno.EEXIST ->
          owner(wanted) + " uses " + number + " already; delete it or choose another VNI or port";
      case Errno.EADDRINUSE ->
          "UDP port "
              + wanted.port()
              + " is in use by another program of this node; stop it or choose another port";
      case Errno.EOPNOTSUPP ->
          "this kernel has no VXLAN (CONFIG_VXLAN): modprobe vxlan, or use mode host-gw";
      default -> String.valueOf(cause.getMessage());
    };
  }

  private String owner(LinkKind.Vxlan wanted) throws IOException {
    for (Link link : kernel.links()) {
      if (link.kind() instanceof LinkKind.Vxlan other
          && other.vni() == wanted.vni()
          && other.port() == wanted.port()) {
        return "the VXLAN device " + link.name();
      }
    }
    return "another VXLAN device";
  }

  /** Deletes the device if it exists. */
  void remove(List<RouteOperation> applied) throws IOException {
    Link link = find();
    if (link != null) {
      RouteOperation delete = new RouteOperation.DeleteLink(LinkSelector.of(link.index()));
      kernel.applyAll(delete);
      applied.add(delete);
    }
  }
}
