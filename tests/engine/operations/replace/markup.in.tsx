export default function Root({ open }) {
  return <main className='big'><Nav open={open} /></main>;
}
