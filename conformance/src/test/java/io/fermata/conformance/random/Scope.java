package io.fermata.conformance.random;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What a place in a random program can see and do. */
final class Scope {
  /** A local variable. */
  record Variable(String name, String type, boolean isFinal) {}

  /** Names and budget, common to one program. */
  static final class Common {
    final Random random;
    final Flavour flavour;
    final boolean isStatic;

    /** Names and result types of the helpers that may be called from here. */
    final List<String[]> helpers = new ArrayList<>();

    /** Names of methods that make generators, and whether they are static. */
    final List<String[]> makers = new ArrayList<>();

    /** How many statements may still be made. */
    int budget;

    private int names;

    Common(Random random, Flavour flavour, boolean isStatic) {
      this.random = random;
      this.flavour = flavour;
      this.isStatic = isStatic;
    }

    String name(String stem) {
      return stem + names++;
    }
  }

  final Common common;
  final List<Variable> variables;

  /** Labels of enclosing statements; those of loops begin with an L. */
  final List<String> labels = new ArrayList<>();

  /** Whether {@code co} is at hand. */
  boolean canYield;

  /** The name of {@code co}. */
  String co = "co";

  /** What its yields return, as in {@link Flavour#sent}. */
  String sent;

  /** Whether there may be operands below the statements of this place. */
  boolean isInSwitchExpression;

  /** Whether there is no instance of the host. */
  boolean isStatic;

  /**
   * Whether it lies in a generator that a body makes. There no exception is in flight over a yield:
   * below it, its trace would show who stepped the generator when it was thrown, but on the thread
   * engine who does so when it comes out (see docs/decisions.md).
   */
  boolean isInner;

  /** Whether it lies in the guard of a case, where javac lets little be assigned. */
  boolean isGuard;

  /** Whether checked exceptions may be thrown. */
  boolean canThrow = true;

  /** What follows {@code return}; null if that is not allowed. */
  String result;

  Scope(Common common, boolean canYield) {
    this.common = common;
    this.variables = new ArrayList<>();
    this.canYield = canYield;
    this.sent = common.flavour.sent;
    this.isStatic = common.isStatic;
  }

  private Scope(Scope outer, boolean capturedOnly) {
    common = outer.common;
    variables =
        new ArrayList<>(outer.variables.stream().filter(v -> v.isFinal || !capturedOnly).toList());
    canYield = outer.canYield;
    canThrow = outer.canThrow;
    co = outer.co;
    sent = outer.sent;
    isInSwitchExpression = outer.isInSwitchExpression && !capturedOnly;
    isStatic = outer.isStatic;
    isGuard = outer.isGuard;
    isInner = outer.isInner;
    result = outer.result;
    labels.addAll(outer.labels);
  }

  /** For a block inside. */
  Scope inner() {
    return new Scope(this, false);
  }

  /** For a lambda or a class inside. */
  Scope captured(boolean mayThrow) {
    Scope scope = new Scope(this, true);
    scope.labels.clear();
    scope.canYield = false;
    scope.canThrow = mayThrow;
    scope.result = null;
    return scope;
  }

  /**
   * For a switch expression, which nothing may leave.
   *
   * @param isBare whether there are no operands below it
   */
  Scope closed(boolean isBare) {
    Scope scope = inner();
    scope.isInSwitchExpression |= !isBare;
    scope.labels.clear();
    scope.result = null;
    return scope;
  }

  void add(String name, String type, boolean isFinal) {
    variables.add(new Variable(name, type, isFinal));
  }

  /** A variable of a type; null if there is none. */
  String variable(String type, boolean assignable) {
    List<Variable> fitting =
        variables.stream().filter(v -> v.type.equals(type) && !(assignable && v.isFinal)).toList();
    return fitting.isEmpty() ? null : fitting.get(common.random.nextInt(fitting.size())).name();
  }

  /** Whether there is a helper for the {@code co} that is at hand. */
  boolean hasHelpers() {
    return canThrow && !common.helpers.isEmpty() && sent.equals(common.flavour.sent);
  }

  /** Before a member of the host's instance. */
  String me() {
    return isStatic || common.random.nextInt(6) == 0 ? "self." : "";
  }
}
