package io.fairlead.bench.policy.matrix;

import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.netlink.nftables.NfOperation;
import io.fairlead.dataplane.netlink.nftables.NfTablesKernel;
import io.fairlead.dataplane.netlink.nftables.NfTransaction;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Objects;

/** A kernel that refuses whatever names one address, as an older one refuses what it lacks. */
final class RefusingKernel {

  private static final int EINVAL = 22;

  private RefusingKernel() {}

  /** A real kernel but for operations whose text contains {@code refused}. */
  static NfTablesKernel of(NfTablesKernel real, String refused) {
    return (NfTablesKernel)
        Proxy.newProxyInstance(
            RefusingKernel.class.getClassLoader(),
            new Class<?>[] {NfTablesKernel.class},
            (_, method, arguments) -> {
              if (method.getName().equals("commit")) {
                refuse(((NfTransaction) arguments[0]).operations(), refused);
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw Objects.requireNonNull(e.getCause());
              }
            });
  }

  private static void refuse(List<NfOperation> operations, String refused) throws NetlinkException {
    for (NfOperation operation : operations) {
      String text = operation.toString();
      if (text.startsWith("add") && text.contains(refused)) {
        throw new NetlinkException(text, EINVAL, "", -1, 0);
      }
    }
  }
}
