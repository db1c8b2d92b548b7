package io.fairlead.ipvs;

import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.netlink.ipvs.IpvsKernel.Failure;
import io.fairlead.dataplane.netlink.ipvs.IpvsOperation;
import io.fairlead.dataplane.netlink.ipvs.VirtualServerId;
import io.fairlead.dataplane.sys.Errno;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the kernel refused in one commit, all other things being done. */
final class Refusals {

  /** Some virtual servers are not as they should be, and everything else is. */
  static final class RefusedException extends IOException {

    private static final long serialVersionUID = 1;

    RefusedException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  private final List<Failure> failures = new ArrayList<>();
  private final Set<VirtualServerId> missing = new HashSet<>();

  void add(Failure failure) {
    if (failure.operation() instanceof IpvsOperation.AddVirtualServer) {
      missing.add(failure.operation().virtualServer());
    }
    failures.add(failure);
  }

  /** Whether what was to be removed was gone. */
  static boolean isHarmless(Failure failure) {
    return switch (failure.operation()) {
      case IpvsOperation.DeleteVirtualServer _, IpvsOperation.DeleteRealServer _ ->
          failure.cause().isNotFound();
      case IpvsOperation.AddVirtualServer _,
          IpvsOperation.ChangeVirtualServer _,
          IpvsOperation.AddRealServer _,
          IpvsOperation.ChangeRealServer _ ->
          false;
    };
  }

  /** Whether the kernel does not have the scheduler. */
  static boolean isWithoutScheduler(Failure failure) {
    return scheduler(failure.operation()) != null && failure.cause().errno() == Errno.ENOENT;
  }

  /** The scheduler that an operation asks for; null if it asks for none. */
  static @Nullable String scheduler(IpvsOperation operation) {
    return switch (operation) {
      case IpvsOperation.AddVirtualServer(var server) -> server.scheduler();
      case IpvsOperation.ChangeVirtualServer(var server) -> server.scheduler();
      case IpvsOperation.DeleteVirtualServer _,
          IpvsOperation.AddRealServer _,
          IpvsOperation.ChangeRealServer _,
          IpvsOperation.DeleteRealServer _ ->
          null;
    };
  }

  /**
   * Throws if anything was refused.
   *
   * @param name how an operator knows a virtual server
   */
  void throwIfAny(Function<VirtualServerId, String> name) throws IOException {
    // What follows from a virtual server that is not there says nothing new.
    List<Failure> causes =
        failures.stream()
            .filter(failure ->
                failure.operation() instanceof IpvsOperation.AddVirtualServer
                    || !missing.contains(failure.operation().virtualServer()))
            .toList();
    if (causes.isEmpty()) {
      return;
    }
    Failure first = causes.getFirst();
    String more = causes.size() == 1 ? "" : " (and " + (causes.size() - 1) + " more like it)";
    RefusedException refused =
        new RefusedException(
            "IPVS does not serve "
                + name.apply(first.operation().virtualServer())
                + " as it should: "
                + first.cause().getMessage()
                + more
                + "; "
                + mend(first),
            first.cause());
    causes.stream().skip(1).limit(10).forEach(other -> refused.addSuppressed(other.cause()));
    throw refused;
  }

  private static String mend(Failure failure) {
    NetlinkException cause = failure.cause();
    String scheduler = scheduler(failure.operation());
    if (cause.isForbidden()) {
      return "give the agent NET_ADMIN";
    }
    if (scheduler != null && cause.errno() == Errno.ENOENT) {
      return "load the kernel module ip_vs_" + scheduler;
    }
    if (cause.isUnsupported()) {
      return "use a kernel whose IPVS has this family and protocol";
    }
    if (cause.isExisting() || cause.isNotFound()) {
      return "somebody else changes it, too: stop them; the next commit looks again";
    }
    return "it is tried again";
  }
}
