package io.fermata.internal.loop;

/** Is told of the end of a promise or task: the job that runs then. */
public abstract class Listener implements Runnable {
  /** Its place among several; written by {@link Listeners}. */
  int place;
}
