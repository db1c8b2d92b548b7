package io.fairlead.dataplane.netlink.nftables;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Objects;

/** A real kernel that notes how the slots of a {@link KeyedPopulation} are read. */
final class NotingKernel {

  private NotingKernel() {}

  static NfTablesKernel of(
      NfTablesKernel real, KeyedSnapshotKernelTest.CountReading counts, List<String> readings) {
    return (NfTablesKernel)
        Proxy.newProxyInstance(
            NotingKernel.class.getClassLoader(),
            new Class<?>[] {NfTablesKernel.class},
            (_, method, arguments) -> {
              if (method.getName().equals("elementCounts")) {
                return counts.read();
              }
              if (method.getName().equals("elements")
                  && ((NfSet) arguments[0]).name().equals(KeyedPopulation.SLOTS.name())) {
                readings.add(arguments.length == 1 ? "dump" : "keys");
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw Objects.requireNonNull(e.getCause());
              }
            });
  }
}
