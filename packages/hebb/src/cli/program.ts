// The commands with their options and their help.
import { Command, InvalidArgumentError, Option } from 'commander'
import { imageSize, names, portNumber, positive, shape, sizes, whole } from './arguments'
import * as commands from './commands'
import { layers, NOTATION } from './layers'
import { MAKERS } from './optimizers'
import type { Report } from './report'

declare const HEBB_VERSION: string

/** Prints what a command's work returns. */
function does<A extends unknown[]>(command: Command, work: (...args: A) => Promise<Report>): void {
  command.option('--json', 'print one JSON object on stdout, and nothing else').action(async (...args) => {
    const { json, ...options } = command.opts()
    const report = await work(...([...args.slice(0, -2), options] as unknown as A))
    console.log(json ? JSON.stringify(report.json) : report.text)
  })
}

const DATA = 'a CSV or TSV file, an idx file, or a folder with a folder of images for each class'
const MODEL = 'a network: .safetensors, or .onnx'

const withData = (command: Command) =>
  command
    .option('--target <columns>', 'CSV: the column that is learnt (several: a,b)', names)
    .option('--columns <columns>', 'CSV: the columns that are inputs (default: all others)', names)
    .option('--classes', 'CSV: the numbers in the target are classes, not values')
    .option('--delimiter <character>', 'CSV: what is between cells (default: a comma, in .tsv a tab)')
    .option('--header', 'CSV: the first row has the names, although it looks like data')
    .option('--no-header', 'CSV: the first row has no names; columns are column0, column1, …')
    .addOption(
      new Option('--missing <what>', 'CSV: rows with missing values').choices(['error', 'skip', 'mean']),
    )
    .option('--labels <file>', 'idx: the labels (default: labels-idx1 beside images-idx3)')
    .option('--size <size>', 'images: resize them to this height and width, as 28x32 or 28', imageSize)
    .addOption(new Option('--channels <number>', 'images: 1 for grey, 3 for colours').choices(['1', '3']))

const withModel = (command: Command) =>
  command.option(
    '--input <shape>',
    'ONNX and Keras: the shape of a sample, as 1x28x28, where the file leaves it open',
    shape,
  )

const recipe = (text: string): object => {
  try {
    return JSON.parse(text)
  } catch {
    throw new InvalidArgumentError('It must be JSON.')
  }
}

/** The program `hebb`. It throws what commander refuses instead of ending the process. */
export function program(): Command {
  const hebb = new Command('hebb')
    .description('Neural networks from the command line: train, evaluate, predict, convert.')
    .version(HEBB_VERSION)
    .showHelpAfterError('(--help explains it, with examples)')
    .exitOverride()
    .addHelpText(
      'after',
      `
Examples:
  hebb train iris.csv --target species --out iris.safetensors
  hebb evaluate iris.safetensors iris.csv
  hebb predict iris.safetensors new.csv
  hebb convert iris.safetensors iris.onnx

A command ends with 0; with 1 if a file or the data is not usable, for which it says what to do; with 2 for wrong usage.
"hebb train --help" and so on explain each command.`,
    )

  const train = hebb.command('train').argument('<data>', DATA)
  withData(
    train.summary('train a network on data and save it').description('Train a network on data and save it.'),
  )
    .requiredOption('-o, --out <file>', 'where the network is saved: .safetensors, or .onnx')
    .addOption(new Option('--network <name>', 'a network by name').choices(['mlp', 'lenet5']).default('mlp'))
    .option('--hidden <units>', 'the hidden layers of mlp (default: 32)', sizes)
    .addOption(
      new Option('--layers <layers>', 'the layers before the output, instead of a network by name')
        .argParser(layers)
        .conflicts(['network', 'hidden']),
    )
    .option('--epochs <number>', 'passes over the data', whole(1), 50)
    .option('--batch <samples>', 'samples per step (default: 32, or a tenth of few samples)', whole(1))
    .addOption(new Option('--optimizer <name>', 'how it learns').choices(Object.keys(MAKERS)).default('adam'))
    .option('--learning-rate <number>', "default: the optimizer's", positive())
    .option(
      '--selection <share>',
      'hold this share of the samples back and measure it after each epoch',
      positive(1),
    )
    .option(
      '--patience <epochs>',
      'end after so many epochs without a lower selection loss; the best is kept',
      whole(1),
    )
    .option('--seed <number>', 'the same seed gives the same network, to the bit', whole(0), 0)
    .addHelpText(
      'after',
      `
Inputs are scaled to mean 0 and deviation 1 by a first layer, and values that are learnt are scaled back by a last one. The
output layer is made for the data: softmax for classes, linear for values. Progress is on stderr. Ctrl-C ends the training, and
what is learnt is saved.

Layers: ${NOTATION}.

Examples:
  hebb train iris.csv --target species --hidden 16,8 --out iris.safetensors
  hebb train cars.csv --target mpg --missing skip --optimizer lbfgs --out cars.safetensors
  hebb train iris.csv --target species --selection 0.2 --patience 10 --epochs 500 --out iris.onnx
  hebb train train-images-idx3-ubyte --network lenet5 --epochs 3 --out digits.safetensors
  hebb train flowers/ --size 32 --layers "conv 8 5 relu, maxpool 2, dense 32 relu" --out flowers.safetensors`,
    )
  does(train, commands.train)

  const evaluate = hebb.command('evaluate').argument('<model>', MODEL).argument('<data>', DATA)
  withModel(
    withData(evaluate.summary('measure a network on data').description('Measure a network on data.')),
  ).addHelpText(
    'after',
    `
A network that "hebb train" saved knows how its data is read: no options are needed.

Examples:
  hebb evaluate iris.safetensors test.csv
  hebb evaluate digits.onnx t10k-images-idx3-ubyte --json`,
  )
  does(evaluate, commands.evaluate)

  const predict = hebb
    .command('predict')
    .argument('<model>', MODEL)
    .argument('<data>', `${DATA}; or one image`)
  withModel(
    withData(
      predict
        .summary('what a network says of each sample')
        .description('Print as CSV what a network says of each sample.'),
    ),
  )
    .option('--top <classes>', 'the number of classes for each sample', whole(1), 1)
    .addHelpText(
      'after',
      `
Examples:
  hebb predict iris.safetensors new.csv > answers.csv
  hebb predict digits.safetensors seven.png --top 3`,
    )
  does(predict, commands.predict)

  const summary = hebb.command('summary').argument('<model>', MODEL)
  withModel(
    summary.description('Print the layers of a network, its parameters and what a sample costs.'),
  ).summary('print the layers of a network')
  does(summary, commands.summary)

  const convert = hebb
    .command('convert')
    .argument('<from>', MODEL)
    .argument('<to>', 'the new file, of the other kind')
  withModel(
    convert
      .summary('safetensors to ONNX, and back')
      .description('Write a network as ONNX, or one of ONNX as safetensors.'),
  ).addHelpText(
    'after',
    `
ONNX has no names of classes, and does not say how data is read: keep the safetensors file.

Examples:
  hebb convert iris.safetensors iris.onnx
  hebb convert model.onnx model.safetensors --input 3x224x224`,
  )
  does(convert, commands.convert)

  const doctor = hebb.command('doctor').argument('[image]', 'a PNG or JPEG file')
  doctor
    .summary('what the engine has on this machine; how an image is read')
    .description(
      'Print what the engine has on this machine. With an image: the SHA-256 of each stage on its way into a network.',
    )
    .option(
      '--recipe <json>',
      "how the image is prepared, as datasets.preprocessing takes it (default: ImageNet's)",
      recipe,
    )
    .addHelpText(
      'after',
      '\nExamples:\n  hebb doctor\n  hebb doctor cat.jpg --recipe \'{ "resize": 256, "crop": 224 }\'',
    )
  does(doctor, commands.doctor)

  does(
    hebb
      .command('bench')
      .summary('how fast this machine trains')
      .description('Measure for some seconds how fast this machine trains wide dense layers, and LeNet-5.'),
    commands.bench,
  )

  const playground = hebb.command('playground')
  playground
    .summary('a live page for each chapter of the course, in the browser')
    .description(
      'Serve the playground, a live page for each chapter of the course, on this machine until Ctrl-C.',
    )
    .option('--port <number>', 'the port of its address; 0 is any that is free', portNumber, 4322)
    .addHelpText(
      'after',
      `
Its pages are a package of their own: npm install hebb-playground

Examples:
  hebb playground
  hebb playground --port 8080`,
    )
  does(playground, commands.playground)
  return hebb
}
