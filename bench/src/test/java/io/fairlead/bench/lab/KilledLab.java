package io.fairlead.bench.lab;

import java.nio.file.Path;

/** The program that {@link LabKilledKernelTest} kills: a lab with agents, kept up. */
final class KilledLab {

  private KilledLab() {}

  /** Prints the lab's folder, its namespaces' inodes and its agents' process ids, and waits. */
  public static void main(String[] arguments) throws Exception {
    try (Lab lab = Lab.create(LabOptions.of(2), StandIn.in(Path.of(arguments[0])))) {
      System.out.println("folder " + lab.folder());
      for (Node node : lab.nodes()) {
        node.startAgent();
        System.out.println("namespace " + node.namespace().inode());
        System.out.println("process " + node.agent().handle().pid());
      }
      System.out.println("namespace " + lab.outside().inode());
      System.out.println("namespace " + lab.underlay().inode());
      System.out.println("up");
      System.in.read();
    }
  }
}
