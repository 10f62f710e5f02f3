// All chapters, in the order of the course.
import type { Chapter } from '../page/chapter'

export interface Entry {
  /** Its name in the address: `?chapter=perceptron`. */
  id: string
  title: string
  /** What one can do there, in a sentence. */
  about: string
  load: () => Promise<{
    chapter: Chapter
    /** Called when the engine has started. */
    begin: () => void | Promise<void>
  }>
}

export const chapters: readonly Entry[] = [
  {
    id: 'neuron',
    title: 'The neuron and logic gates',
    about: 'Set two weights and a threshold, and see which gates one neuron can be, and which it cannot.',
    load: () => import('./neuron'),
  },
  {
    id: 'perceptron',
    title: 'The perceptron',
    about: 'Drag points and watch the line that separates them move, one correction after another.',
    load: () => import('./perceptron'),
  },
  {
    id: 'descent',
    title: 'Gradient descent',
    about: 'Drag the start, choose the rate, and follow every step down a curve or a surface.',
    load: () => import('./descent'),
  },
  {
    id: 'backpropagation',
    title: 'Backpropagation',
    about: 'One training step, each number on the unit or the weight that it belongs to, with its factors.',
    load: () => import('./backpropagation'),
  },
  {
    id: 'activations',
    title: 'Activation functions',
    about: 'See each function and its slope, and what becomes of a deep network with it or without.',
    load: () => import('./activations'),
  },
  {
    id: 'strategies',
    title: 'Training strategies',
    about: 'Seven algorithms race down the same surface from the same start, counted in gradients.',
    load: () => import('./strategies'),
  },
  {
    id: 'rbf',
    title: 'Radial basis functions',
    about: 'Fit a curve or a boundary with bumps, and let samples that were not fitted choose their width.',
    load: () => import('./rbf'),
  },
  {
    id: 'hopfield',
    title: 'The Hopfield network',
    about: 'Draw pictures, store them, disturb them, and watch the energy fall until one is recalled.',
    load: () => import('./hopfield'),
  },
  {
    id: 'tour',
    title: 'The continuous Hopfield network',
    about: 'Click cities, and watch a tour through them form as the energy falls.',
    load: () => import('./tour'),
  },
  {
    id: 'recurrent',
    title: 'Recurrent networks',
    about: 'Read what a network writes as it learns your text, and see how far back its gradient reaches.',
    load: () => import('./recurrent'),
  },
  {
    id: 'convolution',
    title: 'Convolution and pooling',
    about: 'Move a filter over your own picture, and take every number of its map apart.',
    load: () => import('./convolution'),
  },
  {
    id: 'lenet',
    title: 'LeNet-5',
    about: 'Draw a digit and follow it through every layer; train the network anew in a few seconds.',
    load: () => import('./lenet'),
  },
  {
    id: 'alexnet',
    title: 'AlexNet',
    about: 'Open a photograph and trained weights: the five best answers, every map, and how they break.',
    load: () => import('./alexnet'),
  },
]
